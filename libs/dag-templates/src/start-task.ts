import type { JsonObject } from '@askflash/contracts';
import { advance } from './advance';
import { Draft } from './draft';
import { effectiveStages } from './effective-stages';
import { type Given, NOTHING_GIVEN } from './given';
import { type StageState, pendingStage } from './task-state';
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
  /** Id of the task that this one repeats. */
  readonly retryOf?: string | null;
  /** What it takes over from that, as `givenBefore` tells; its stages are not run again. */
  readonly given?: Given;
}

/** Creates a task and requests every stage whose dependencies are given, or that has none. */
export function startTask({
  taskId,
  template,
  now,
  deadlineAt = null,
  input = {},
  retryOf = null,
  given = NOTHING_GIVEN,
}: NewTask): Transition {
  const inserted = [...given.inserted];
  const stages = effectiveStages(template, { inserted });
  const draft = new Draft(
    template,
    {
      taskId,
      seq: 0,
      status: 'in_progress',
      input,
      stages: Object.fromEntries(stages.map(({ name }) => [name, firstState(name, given)])),
      inserted,
      revisions: 0,
      feedback: null,
      deadlineAt,
      result: null,
      error: null,
    },
    now,
  );
  draft.emit('task.created', {
    template: { name: template.name, version: template.version },
    ...(retryOf === null ? {} : { retryOf, given: [...given.stages.keys()] }),
  });
  if (draft.isOverdue) draft.failOverdue();
  else advance(draft);
  return draft.toTransition();
}

/** A stage that is given counts no attempt: should it be reopened, its first one is number 1. */
function firstState(name: string, { stages }: Given): StageState {
  const output = stages.get(name);
  if (output === undefined) return pendingStage();
  return { ...pendingStage(), status: output === null ? 'skipped' : 'completed', output };
}
