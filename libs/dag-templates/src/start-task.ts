import type { JsonObject } from '@askflash/contracts';
import { advance } from './advance';
import { Draft } from './draft';
import { pendingStage } from './task-state';
import type { TaskTemplate } from './template';
import type { Transition } from './transition';

/** What a task starts with. */
export interface NewTask {
  /** UUIDv7. */
  readonly taskId: string;
  /** A template that `validateTemplate` accepts. */
  readonly template: TaskTemplate;
  /** Epoch milliseconds of the database's clock. */
  readonly now: number;
  /** When the whole task is given up, in epoch milliseconds; never where not given. */
  readonly deadlineAt?: number | null;
  /** The task's input, which conditions may ask about. */
  readonly input?: JsonObject;
}

/** Creates a task and requests every stage that depends on nothing. */
export function startTask({
  taskId,
  template,
  now,
  deadlineAt = null,
  input = {},
}: NewTask): Transition {
  const draft = new Draft(
    template,
    {
      taskId,
      seq: 0,
      status: 'in_progress',
      input,
      stages: Object.fromEntries(template.stages.map(({ name }) => [name, pendingStage()])),
      inserted: [],
      revisions: 0,
      feedback: null,
      deadlineAt,
      result: null,
      error: null,
    },
    now,
  );
  draft.emit('task.created', { template: { name: template.name, version: template.version } });
  if (draft.isOverdue) draft.failOverdue();
  else advance(draft);
  return draft.toTransition();
}
