import { newId } from '@askflash/config';
import { BackboneError, isTerminal, type JsonObject, type TaskView } from '@askflash/contracts';
import type { EngineEvent } from '../src/engine/engine-event';
import type { Choices } from './choices';
import type { SimulatedCoordinator } from './coordinator';
import type { Tables } from './database';

/** After so many it waits for a reason to try again. */
const MAX_REFUSAL_COUNT = 4;

/** What one client does: hands a task in, and perhaps aborts it or has it repeated. */
export interface Errand {
  readonly template: string;
  readonly input?: JsonObject;
  readonly deadlineMs: number | undefined;
  readonly then: 'nothing' | 'abort' | 'retry';
}

/**
 * A client that sends each request again, the one that makes a task under the same key, until it is
 * answered:
 *
 * ```
 * waiting ──act──► asking ──answered──► accepted ──act──► asking what it wants then ──► done
 *    ▲                │
 *    └──refused, or its coordinator crashed
 * ```
 */
export class Client {
  /** Every id that its request was answered with. */
  readonly accepted = new Set<string>();
  /** Every id under which it asked for a task. */
  readonly asked = new Set<string>();
  /** The same of its request to repeat the task. */
  readonly repeats = new Set<string>();
  /** What it was told that no client should be. */
  readonly unforeseen: string[] = [];
  private asking: SimulatedCoordinator | undefined;
  private hasFollowed = false;
  private refusalCount = 0;

  constructor(
    private readonly errand: Errand,
    private readonly key: string,
    private readonly tables: Tables,
  ) {}

  /**
   * Whether it has something to do now; once it was refused a few times to repeat a task, not before
   * that has ended.
   */
  get isWaiting(): boolean {
    if (this.isDone || this.asking?.crashed === false) return false;
    return (
      this.refusalCount < MAX_REFUSAL_COUNT || [...this.accepted].every((id) => this.hasEnded(id))
    );
  }

  get isDone(): boolean {
    return this.accepted.size > 0 && (this.hasFollowed || this.errand.then === 'nothing');
  }

  act(coordinators: readonly SimulatedCoordinator[], choices: Choices): void {
    const coordinator = coordinators[choices.pick(coordinators.length)];
    if (!coordinator) return;
    this.asking = coordinator;
    const event = this.nextRequest();
    coordinator.engine.apply(event).then(
      ({ view }) => {
        if (!coordinator.crashed) this.answered(event, view);
      },
      (error: unknown) => {
        if (!(error instanceof BackboneError)) this.unforeseen.push(String(error));
        this.asking = undefined;
        this.refusalCount += 1;
      },
    );
  }

  private answered(event: EngineEvent, { id, status, seq }: TaskView): void {
    const { type } = event;
    this.asking = undefined;
    if (!this.tables.tasks.has(id)) this.unforeseen.push(`I1: ${type} was answered too early`);
    if (type === 'create') this.accepted.add(id);
    else this.hasFollowed = true;
    if (type === 'retry') this.repeats.add(id);
    const ended = type === 'retry' ? event.of : type === 'abort' ? id : undefined;
    if (ended !== undefined && !this.hasEnded(ended)) {
      this.unforeseen.push(`I1: ${type} was answered, and the task goes on`);
    }
    if (isTerminal(status) && this.tables.tasks.get(id)?.eventSeq !== seq) {
      this.unforeseen.push(`I3: ${type} was answered with an end that never was`);
    }
  }

  private hasEnded(taskId: string): boolean {
    const task = this.tables.tasks.get(taskId);
    return task !== undefined && isTerminal(task.status);
  }

  private nextRequest(): EngineEvent {
    const [taskId] = this.accepted;
    if (taskId === undefined) return this.creation();
    const id = newId();
    this.asked.add(id);
    return this.errand.then === 'abort'
      ? { type: 'abort', taskId, reason: 'No longer wanted' }
      : {
          type: 'retry',
          taskId: id,
          of: taskId,
          from: undefined,
          idempotency: this.again('again'),
        };
  }

  private creation(): EngineEvent {
    const { template, deadlineMs, input = {} } = this.errand;
    const id = newId();
    this.asked.add(id);
    const task = {
      ...{ id, userId: 'ada', query: 'Why?', input, priority: 5, deadlineMs },
      templateName: template,
      idempotency: this.again('first'),
    };
    return { type: 'create', taskId: id, task };
  }

  /** What makes a request repeatable. */
  private again(what: string) {
    return { key: `${this.key} ${what}`, requestHash: what };
  }
}
