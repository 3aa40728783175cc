import { newId } from '@askflash/config';
import { queueOfStage, type JsonObject, type TaskFinished } from '@askflash/contracts';
import {
  packageResponse,
  reduce,
  startTask,
  type Command,
  type IncomingEvent,
  type TaskTemplate,
  type Transition,
} from '@askflash/dag-templates';
import type { RedisTasks } from '@askflash/redis-tasks';
import { ProgressLostError, StageRefusedError } from '../errors';
import { plausibleOutput } from './plausible-output';
import { ProgressWatcher } from './progress-watcher';
import type { Probes } from './probes';
import { VERIFY_USER, type TrialRecord } from './trial-record';
import type { TrialStore } from './trial-store';

type StageRequest = Extract<Command, { type: 'request_stage' }>;
type Finish = Extract<Command, { type: 'finish' }>;

/** What a trial task runs on. */
export interface TrialParts {
  readonly store: TrialStore;
  readonly probes: Probes;
  readonly redisTasks: RedisTasks;
  /** Publishes the final response and sees it on its queue. */
  respond(response: TaskFinished): Promise<void>;
}

/**
 * Drives a task of verify's own through a template as the coordinator would, with a probe in place
 * of each stage's work, and takes every trace of it away again, also after a failure.
 *
 * @throws where any part of the flow does not work
 */
export async function runTrialTask(template: TaskTemplate, parts: TrialParts): Promise<void> {
  const task = new TrialTask(template, parts);
  try {
    await task.run();
  } finally {
    await task.cleanUp();
  }
}

class TrialTask {
  private readonly id = newId();
  private readonly createdAt = new Date();
  private live: ProgressWatcher | undefined;

  constructor(
    private readonly template: TaskTemplate,
    private readonly parts: TrialParts,
  ) {}

  async run(): Promise<void> {
    const { store } = this.parts;
    const now = this.createdAt.getTime();
    const started = startTask({ taskId: this.id, template: this.template, now });
    let record = this.recordOf(started);
    await store.create({ record, events: started.events });
    const live = (this.live = new ProgressWatcher(this.parts.redisTasks, this.id));
    await live.sees(`${record.state.seq}-0`);

    const commands = [...started.commands];
    for (let command = commands.shift(); command; command = commands.shift()) {
      if (command.type === 'finish') {
        await this.parts.respond(this.responseOf(record, command));
        continue;
      }
      const event =
        command.type === 'request_stage'
          ? await this.workOff(command, live)
          : completed(command, packageResponse(this.template, record.state));
      const transition = reduce(this.template, record.state, event, Date.now());
      if (transition.outcome === 'ignored') {
        throw new StageRefusedError(command.stage, transition.reason);
      }
      record = this.recordOf(transition);
      await store.save({ record, events: transition.events });
      commands.push(...transition.commands);
    }
    await store.assertComplete({ record });
    await this.assertReplayed(live, `${record.state.seq}-0`);
  }

  async cleanUp(): Promise<void> {
    await this.live?.stop();
    await this.parts.store.remove(this.id);
  }

  /** In place of an agent: a probe through the stage's queue, progress, and an output. */
  private async workOff(request: StageRequest, live: ProgressWatcher): Promise<IncomingEvent> {
    const { stage, attempt } = request;
    const queue = queueOfStage(stage);
    if (queue === undefined) throw new StageRefusedError(stage, 'no agent works it off');
    await this.parts.probes.send(queue, stage);
    const appended = await this.parts.redisTasks.appendProgress(this.id, {
      type: 'progress',
      stage,
      attempt,
      message: `${stage} was probed`,
    });
    if (appended.status === 'missing') {
      throw new ProgressLostError(`Task ${this.id} is not in Redis any more`);
    }
    for (const id of appended.ids) await live.sees(id);
    return completed(request, plausibleOutput(stage));
  }

  /** A subscriber that comes late gets the same as the one that was there all the time. */
  private async assertReplayed(live: ProgressWatcher, lastId: string): Promise<void> {
    await live.sees(lastId);
    const late = new ProgressWatcher(this.parts.redisTasks, this.id);
    try {
      await late.sees(lastId);
      if (late.ids.join() !== live.ids.join()) {
        throw new ProgressLostError(`Task ${this.id} was replayed as ${late.ids.join(', ')}`, {
          fields: { live: live.ids, replayed: late.ids },
        });
      }
    } finally {
      await late.stop();
    }
  }

  private recordOf({ state }: Transition): TrialRecord {
    const { id, template, createdAt } = this;
    return { id, template, state, createdAt, updatedAt: new Date() };
  }

  private responseOf({ id, template, createdAt, updatedAt }: TrialRecord, finish: Finish) {
    return {
      taskId: id,
      userId: VERIFY_USER,
      template: { name: template.name, version: template.version },
      status: finish.status,
      result: finish.result,
      error: finish.error,
      createdAt: createdAt.toISOString(),
      finishedAt: updatedAt.toISOString(),
    };
  }
}

function completed(
  { stage, attempt }: { readonly stage: string; readonly attempt: number },
  output: JsonObject,
): IncomingEvent {
  return { type: 'stage.completed', stage, attempt, output };
}
