import { type JsonObject, isTerminal } from '@askflash/contracts';
import { packageResponse } from '../src/package-response';
import { reduce } from '../src/reduce';
import { type NewTask, startTask } from '../src/start-task';
import type { TaskState } from '../src/task-state';
import type { TaskTemplate } from '../src/template';
import type { Command, IncomingEvent, Transition } from '../src/transition';
import { wakeAt } from '../src/wake-at';
import type { Step } from './arbitraries';

/** What is seen of one transition; `before` is null at the start. */
export interface Seen {
  readonly before: TaskState | null;
  readonly event: IncomingEvent | null;
  readonly now: number;
  readonly transition: Transition;
}

export const TASK_ID = '019a0000-0000-7000-8000-000000000001';
export const START = Date.UTC(2026, 0, 1);

/** A task with its agents, its network and its clock; shows every transition to an observer. */
export class World {
  state: TaskState;
  now = START;
  private readonly inFlight: { stage: string; attempt: number }[] = [];

  constructor(
    private readonly template: TaskTemplate,
    private readonly observe: (seen: Seen) => void,
    options: Partial<NewTask> = {},
  ) {
    const transition = startTask({ taskId: TASK_ID, template, now: this.now, ...options });
    this.state = transition.state;
    observe({ before: null, event: null, now: this.now, transition });
    transition.commands.forEach((command) => this.carryOut(command));
  }

  get hasEnded(): boolean {
    return isTerminal(this.state.status);
  }

  send(event: IncomingEvent): Transition {
    const before = this.state;
    const transition = reduce(this.template, before, event, this.now);
    this.state = transition.state;
    this.observe({ before, event, now: this.now, transition });
    transition.commands.forEach((command) => this.carryOut(command));
    return transition;
  }

  /** Waits until the task wants a tick, and gives it; false where it wants none. */
  wake(): boolean {
    const moment = wakeAt(this.state);
    if (moment === null) return false;
    this.now = Math.max(this.now, moment);
    this.send({ type: 'tick' });
    return true;
  }

  /** A well-formed result of the current attempt. */
  answer(stage: string, output: JsonObject = outputOf(stage)): Transition {
    return this.send({ type: 'stage.completed', stage, attempt: this.attempt(stage), output });
  }

  /** A failure of the current attempt. */
  refuse(
    stage: string,
    { retryable = true, code = 'AGENT_BROKE', retryAfterMs = 0 } = {},
  ): Transition {
    const error = { code, message: 'It broke', retryable, retryAfterMs };
    return this.send({ type: 'stage.failed', stage, attempt: this.attempt(stage), error });
  }

  attempt(stage: string): number {
    return this.state.stages[stage]?.attempt ?? 0;
  }

  play(step: Step): void {
    switch (step.do) {
      case 'wait':
        this.now += step.ms;
        this.send({ type: 'tick' });
        return;
      case 'wake':
        this.wake();
        return;
      case 'abort':
        this.send({ type: 'abort', reason: 'No longer wanted' });
        return;
      case 'forge': {
        const { stage, attempt } = step;
        this.send({ type: 'stage.completed', stage, attempt, output: outputOf(stage) });
        return;
      }
      default:
        this.deliver(step);
    }
  }

  private deliver(step: Extract<Step, { pick: number }>): void {
    const index = this.inFlight.length === 0 ? -1 : step.pick % this.inFlight.length;
    const message = this.inFlight[index];
    if (message === undefined) return;
    if (step.do === 'lose' || !step.again) this.inFlight.splice(index, 1);
    if (step.do === 'lose') return;
    if (step.do === 'complete') {
      const output = step.broken ? { answer: 1 } : outputOf(message.stage, step);
      this.send({ type: 'stage.completed', ...message, output });
    } else {
      const { retryable, retryAfterMs } = step;
      const error = { code: 'AGENT_BROKE', message: 'It broke', retryable, retryAfterMs };
      this.send({ type: 'stage.failed', ...message, error });
    }
  }

  private carryOut(command: Command): void {
    if (command.type === 'request_stage') {
      this.inFlight.push({ stage: command.stage, attempt: command.attempt });
    }
    if (command.type === 'run_in_coordinator') {
      const { stage, attempt } = command;
      this.send({
        type: 'stage.completed',
        stage,
        attempt,
        output: packageResponse(this.template, this.state),
      });
    }
  }
}

/** An output of the shape a stage owes. */
export function outputOf(stage: string, { doubt = false, search = false } = {}): JsonObject {
  switch (stage) {
    case 'embedding_lookup':
    case 'web_search':
      return { passages: [{ path: `${stage}.md`, heading: 'One', text: 'A passage', score: 1 }] };
    case 'executor_reasoning':
      return {
        answer: 'An answer',
        sources: [{ path: 'a.md', heading: 'One' }],
        needsWebSearch: search,
      };
    case 'moderation':
      return { confidence: doubt ? 0.2 : 1, reasons: [] };
    case 'response_packaging':
      return { answer: 'An answer', sources: [], confidence: null };
    default:
      return { depth: 'deep', by: stage };
  }
}
