import { TaskEventsInvalidError } from './errors';
import type { TaskTransition } from './types';

/**
 * Checks that events are consecutive, of the view's task, and end at its event number.
 *
 * @throws {TaskEventsInvalidError}
 */
export function checkEvents({ view, events }: TaskTransition): void {
  const first = view.seq - events.length + 1;
  const belong = events.every(({ taskId, seq }, i) => taskId === view.id && seq === first + i);
  if (belong && first >= 1) return;
  const numbers = events.map(({ seq }) => seq);
  throw new TaskEventsInvalidError(
    `Events [${numbers.join(', ')}] do not lead to event number ${view.seq} of task ${view.id}`,
    { fields: { taskId: view.id, seq: view.seq, numbers } },
  );
}
