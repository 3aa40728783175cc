import fc from 'fast-check';

/** A task that is handed in, and what becomes of it. */
export interface PlannedTask {
  /** Unique in the run; its `Idempotency-Key`. */
  readonly key: string;
  /** When, from the start of its round. */
  readonly atMs: number;
  readonly template: string;
  readonly priority: number;
  readonly deadlineMs: number | undefined;
  /** So long after it was accepted the client aborts it. */
  readonly abortAfterMs: number | undefined;
  readonly input: {
    /** What agents make of it follows from this. */
    readonly seed: number;
    readonly deep: boolean;
  };
}

/** One in twenty has it. */
const seldom = (min: number, max: number) =>
  fc.oneof(
    { weight: 19, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min, max }) },
  );

interface TasksOptions {
  readonly round: number;
  readonly count: number;
  readonly forMs: number;
  /** Names of the templates there are. */
  readonly templates: readonly string[];
}

/** The tasks of one round, by time. */
export function plannedTasks({
  round,
  count,
  forMs,
  templates,
}: TasksOptions): fc.Arbitrary<readonly PlannedTask[]> {
  const task = fc.record({
    atMs: fc.integer({ min: 0, max: forMs }),
    template: fc.constantFrom(...templates),
    priority: fc.integer({ min: 0, max: 9 }),
    deadlineMs: seldom(500, 10_000),
    abortAfterMs: seldom(0, 2_000),
    input: fc.record({ seed: fc.nat(), deep: fc.boolean() }),
  });
  return fc
    .array(task, { minLength: count, maxLength: count })
    .map((tasks) =>
      tasks
        .toSorted((one, other) => one.atMs - other.atMs)
        .map((each, index) => ({ ...each, key: `round-${round}-task-${index}` })),
    );
}
