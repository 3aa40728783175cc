import type { Finding } from '../check/finding';
import type { RoundResult } from '../round/run-round';

/** Faults so long before a task began may have to do with it. */
const BEFORE_MS = 10_000;

/** A finding with all that is known of its task: events, ledger, and the faults of its time. */
export function findingLines(
  { invariant, taskId, what }: Finding,
  { tasks, lines, faults }: Pick<RoundResult, 'tasks' | 'lines' | 'faults'>,
): string[] {
  const said = `  ${invariant} ${taskId ?? ''}: ${what}`;
  const task = tasks.find(({ id }) => id === taskId);
  if (!task) return [said];
  const [first, last] = [task.events.at(0)?.at, task.events.at(-1)?.at];
  return [
    said,
    `    it is ${task.status}, of ${task.template.name}`,
    ...task.events.map(
      ({ seq, at, type, stage, attempt, data }) =>
        `    ${at} event ${seq} ${type} ${stage ?? ''} ${attempt ?? ''} ${short(data)}`,
    ),
    ...lines
      .filter((line) => line.taskId === taskId)
      .map(
        ({ at, what: done, stage, attempt, pid }) =>
          `    ${at} ledger ${done} ${stage} ${attempt} by ${pid}`,
      ),
    ...faults
      .filter(
        ({ from, to }) =>
          from &&
          to &&
          first &&
          last &&
          from <= new Date(last) &&
          to.getTime() + BEFORE_MS >= Date.parse(first),
      )
      .map(
        ({ kind, target, from, to }) =>
          `    ${from?.toISOString()}–${to?.toISOString()} ${kind} of ${target}`,
      ),
  ];
}

function short(data: unknown): string {
  return JSON.stringify(data).slice(0, 200);
}
