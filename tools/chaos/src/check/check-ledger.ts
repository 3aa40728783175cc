import { COORDINATOR_STAGES } from '@askflash/contracts';
import type { TaskFacts } from '@askflash/testing';
import type { LedgerLine } from '../agent/ledger';
import type { Finding } from './finding';
import { groupBy } from './group-by';

/** Whether nothing was harmed between two moments, nor so recently that it could still show. */
export type WasCalm = (from: Date, to: Date) => boolean;

/** Compares what agents wrote down with what the database says they were asked and answered. */
export function checkLedger(
  tasks: readonly TaskFacts[],
  lines: readonly LedgerLine[],
  wasCalm: WasCalm,
): Finding[] {
  const byTask = groupBy(lines, ({ taskId }) => taskId);
  const known = new Set(tasks.map(({ id }) => id));
  const strange = [...byTask.keys()].filter((id) => !known.has(id));
  return [
    ...strange.map((taskId): Finding => ({
      invariant: 'I3',
      taskId,
      what: 'agents worked on it, it is not there',
    })),
    ...tasks.flatMap((task) => {
      const own = byTask.get(task.id) ?? [];
      return [
        ...uninvited(task, own),
        ...unfounded(task, own),
        ...tooEarly(task, own),
        ...(isOfCalm(task, wasCalm) ? repeated(task, own) : []),
      ];
    }),
  ];
}

type Attempt = Pick<LedgerLine, 'stage' | 'attempt'>;

/** I3: attempts that ran without a request. */
function uninvited(task: TaskFacts, lines: readonly LedgerLine[]): Finding[] {
  const requested = new Set(
    task.events
      .filter(({ type }) => type === 'stage.requested')
      .map(({ stage, attempt }) => `attempt ${attempt} of ${stage}`),
  );
  return distinct(lines)
    .filter((line) => !requested.has(placeOf(line)))
    .map((line) => finding('I3', task, `${placeOf(line)} ran and was never requested`));
}

/** I3: attempts that completed although no agent completed them. */
function unfounded(task: TaskFacts, lines: readonly LedgerLine[]): Finding[] {
  const completed = new Set(lines.filter(({ what }) => what === 'completed').map(placeOf));
  return task.events.flatMap(({ type, stage, attempt }) => {
    if (type !== 'stage.completed' || stage === null || attempt === null) return [];
    if (COORDINATOR_STAGES.includes(stage) || completed.has(placeOf({ stage, attempt }))) return [];
    return [finding('I3', task, `${placeOf({ stage, attempt })} completed, and no agent did so`)];
  });
}

/** I4: stages that an agent began before another had completed what they depend on. */
function tooEarly(task: TaskFacts, lines: readonly LedgerLine[]): Finding[] {
  const skipped = new Set(
    task.events.filter(({ type }) => type === 'stage.skipped').map(({ stage }) => stage),
  );
  return task.template.stages.flatMap(({ name, dependsOn }) => {
    const begun = lines.find(({ stage, what }) => stage === name && what === 'begun');
    if (!begun) return [];
    return dependsOn
      .filter((stage) => !COORDINATOR_STAGES.includes(stage) && !skipped.has(stage))
      .filter(
        (stage) =>
          !lines.some(
            (line) => line.stage === stage && line.what === 'completed' && line.us <= begun.us,
          ),
      )
      .map((stage) => finding('I4', task, `${name} began before ${stage} had completed`));
  });
}

/** Attempts that ran more than once, with no fault to blame. */
function repeated(task: TaskFacts, lines: readonly LedgerLine[]): Finding[] {
  const begun = lines.filter(({ what }) => what === 'begun');
  return distinct(begun).flatMap((line) => {
    const { length } = begun.filter((other) => placeOf(other) === placeOf(line));
    return length > 1 ? [finding('effects', task, `${placeOf(line)} ran ${length} times`)] : [];
  });
}

function isOfCalm({ events }: TaskFacts, wasCalm: WasCalm): boolean {
  const [first, last] = [events.at(0), events.at(-1)];
  return (
    first !== undefined && last !== undefined && wasCalm(new Date(first.at), new Date(last.at))
  );
}

function distinct(lines: readonly LedgerLine[]): LedgerLine[] {
  return [...new Map(lines.map((line) => [placeOf(line), line])).values()];
}

function placeOf({ stage, attempt }: Attempt): string {
  return `attempt ${attempt} of ${stage}`;
}

function finding(
  invariant: Finding['invariant'],
  { id: taskId }: TaskFacts,
  what: string,
): Finding {
  return { invariant, taskId, what };
}
