import type { TaskFacts } from '@askflash/testing';

/** The longest times in which nothing happened, of a while in which something should have. */
export interface Gaps {
  /** Without a task that was accepted, in milliseconds. */
  readonly acceptedMs: number;
  /** Without a stage that completed, in milliseconds. */
  readonly completedMs: number;
}

/** Finds them in what the database says of tasks, on the clock that their events were written by. */
export function longestGaps(tasks: readonly TaskFacts[], from: Date, to: Date): Gaps {
  const events = tasks.flatMap((task) => task.events);
  const timesOf = (wanted: string): number[] =>
    events.filter(({ type }) => type === wanted).map(({ at }) => Date.parse(at));
  return {
    acceptedMs: longestGap(timesOf('task.created'), from, to),
    completedMs: longestGap(timesOf('stage.completed'), from, to),
  };
}

function longestGap(times: readonly number[], from: Date, to: Date): number {
  const marks = [from.getTime(), ...times, to.getTime()]
    .filter((time) => time >= from.getTime() && time <= to.getTime())
    .sort((one, other) => one - other);
  return Math.max(0, ...marks.map((time, index) => time - (marks[index - 1] ?? time)));
}
