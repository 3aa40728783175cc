/**
 * What holds of every backbone, whatever crashes:
 *
 * - I1 every accepted task ends in exactly one terminal state;
 * - I2 that state is written once, and a task's events are numbered without a gap;
 * - I3 nothing is invented: no result without its request;
 * - I4 a stage starts only after all it depends on;
 * - I5 a stale attempt never changes a task;
 * - I6 attempts never exceed the stage's limit, and no message is dead-lettered without a cause;
 * - I7 nothing that has to be sent stays unsent, and queues drain;
 * - I8 the view rebuilt from PostgreSQL equals the live one;
 * - I9 while readiness says yes, the queues have live consumers.
 */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9';

/** An invariant that does not hold, and where. */
export interface Violation {
  readonly invariant: Invariant;
  /** The task it shows at; null where it is about the whole backbone. */
  readonly taskId: string | null;
  readonly what: string;
}
