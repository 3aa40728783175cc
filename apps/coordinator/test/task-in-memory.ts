import { newId } from '@askflash/config';
import { AGENTS, type JsonObject, type TaskEvent } from '@askflash/contracts';
import {
  DEFAULT_TEMPLATES,
  wakeAt,
  type IncomingEvent,
  type TaskTemplate,
} from '@askflash/dag-templates';
import { advance, type Advance } from '../src/engine/advance';
import { begin } from '../src/engine/begin';
import type { TaskRecord } from '../src/engine/task-record';
import type { Facts, QueueFacts } from '../src/why/facts';
import { PLAUSIBLE } from './stand-in-agents';

const START = Date.UTC(2026, 0, 1);

export const IDLE_QUEUE: QueueFacts = { ready: 0, consumers: 1, handedOut: 0, drainPerSecond: 0 };

/** A broker that is well, with all queues empty. */
export const WELL = {
  state: 'ok' as const,
  queues: new Map(AGENTS.map(({ queue }) => [queue, IDLE_QUEUE])),
  answersWaiting: 0,
  refusedAgoMs: null,
};

/** One of the templates that every installation has. */
export function defaultTemplate(name: string): TaskTemplate {
  const template = DEFAULT_TEMPLATES.find((one) => one.name === name);
  if (!template) throw new Error(`There is no template ${name}`);
  return template;
}

/** A task without servers, as the engine moves it; its clock goes on when it is told to. */
export class TaskInMemory {
  task: TaskRecord;
  events: readonly TaskEvent[];
  private now = START;

  constructor(
    template: TaskTemplate,
    { deadlineMs, input = {} }: { deadlineMs?: number | undefined; input?: JsonObject } = {},
  ) {
    const about = { id: newId(), userId: 'ada', query: 'Why?', input, priority: 5 };
    const task = { ...about, templateName: template.name, deadlineMs, idempotency: undefined };
    const first = begin(task, template, new Date(START));
    this.task = first.task;
    this.events = first.events;
  }

  /** The stages that are requested. */
  get requested(): string[] {
    const stages = Object.entries(this.task.state.stages);
    return stages.filter(([, { status }]) => status === 'requested').map(([name]) => name);
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Waits until something is due, and does it. */
  wake(): this {
    this.now = Math.max(this.now, wakeAt(this.task.state) ?? this.now);
    return this.send({ type: 'tick' });
  }

  complete(stage: string, output: JsonObject = PLAUSIBLE[stage] ?? {}): this {
    return this.send({ type: 'stage.completed', stage, attempt: this.attemptOf(stage), output });
  }

  fail(stage: string, wish: { retryable?: boolean; retryAfterMs?: number } = {}): this {
    const error = { code: 'AGENT_BROKE', message: 'It broke', retryable: true, ...wish };
    return this.send({ type: 'stage.failed', stage, attempt: this.attemptOf(stage), error });
  }

  send(event: IncomingEvent): this {
    const { task, events }: Advance = advance(this.task, event, new Date(this.now));
    this.task = task;
    this.events = [...this.events, ...events];
    return this;
  }

  /** What is known of it just now; on servers that are well, unless told otherwise. */
  facts(known: Partial<Facts> = {}): Facts {
    return {
      at: new Date(this.now),
      task: this.task,
      events: this.events,
      unconfirmed: [],
      instances: new Map(),
      broker: WELL,
      progress: [],
      confirmNotedMs: 1_000,
      ...known,
    };
  }

  private attemptOf(stage: string): number {
    return this.task.state.stages[stage]?.attempt ?? 0;
  }
}
