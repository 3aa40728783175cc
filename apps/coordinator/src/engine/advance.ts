import {
  STAGE_REQUESTED,
  TASK_FINISHED,
  isTerminal,
  type StageRequested,
  type TaskEvent,
  type TaskFinished,
} from '@askflash/contracts';
import {
  packageResponse,
  reduce,
  upstreamOutputs,
  type Command,
  type IncomingEvent,
  type Transition,
} from '@askflash/dag-templates';
import type { TaskRecord } from './task-record';

/** A message that a transition has to send. */
export type OutgoingMessage =
  | { readonly contract: typeof STAGE_REQUESTED; readonly payload: StageRequested }
  | { readonly contract: typeof TASK_FINISHED; readonly payload: TaskFinished };

/** A message of the outbox: kept until the broker has confirmed it. */
export type OutboxMessage = OutgoingMessage & {
  readonly id: string;
  /** Trace context it goes out under; null where its task is in no trace. */
  readonly traceparent: string | null;
};

/** What an event made of a task. */
export interface Advance {
  readonly task: TaskRecord;
  readonly events: readonly TaskEvent[];
  readonly messages: readonly OutgoingMessage[];
  /** Why nothing changed; undefined where something did. */
  readonly ignored: string | undefined;
  /** How long the attempt that a report is of waited; undefined of anything else. */
  readonly queueWaitMs?: number | undefined;
}

/** The same, or why the event could not be applied. */
export type Outcome = PromiseSettledResult<Advance>;

/** Applies one event to a task. `now` is the database's clock. */
export function advance(task: TaskRecord, event: IncomingEvent, now: Date): Advance {
  return follow(task, reduce(task.template, task.state, event, now.getTime()), now);
}

/** Carries a transition's commands out, working the coordinator's own stages off on the way. */
export function follow(task: TaskRecord, transition: Transition, now: Date): Advance {
  if (transition.outcome === 'ignored') {
    return { task, events: [], messages: [], ignored: transition.reason };
  }
  let after = settle(task, transition, now);
  const events = [...transition.events];
  const messages: OutgoingMessage[] = [];
  for (const command of transition.commands) {
    if (command.type === 'run_in_coordinator') {
      const inner = advance(after, ownResult(after, command), now);
      after = inner.task;
      events.push(...inner.events);
      messages.push(...inner.messages);
    } else {
      messages.push(toMessage(after, command, now));
    }
  }
  return { task: after, events, messages, ignored: undefined };
}

function settle(task: TaskRecord, { state }: Transition, now: Date): TaskRecord {
  return { ...task, state, updatedAt: now, finishedAt: isTerminal(state.status) ? now : null };
}

function ownResult(
  { template, state }: TaskRecord,
  { stage, attempt }: Extract<Command, { type: 'run_in_coordinator' }>,
): IncomingEvent {
  return { type: 'stage.completed', stage, attempt, output: packageResponse(template, state) };
}

function toMessage(
  task: TaskRecord,
  command: Exclude<Command, { type: 'run_in_coordinator' }>,
  now: Date,
): OutgoingMessage {
  const { id: taskId, userId, query, input, template, state } = task;
  if (command.type === 'finish') {
    const { status, result, error } = command;
    const payload = {
      taskId,
      userId,
      template: { name: template.name, version: template.version },
      status,
      result,
      error,
      createdAt: task.createdAt.toISOString(),
      finishedAt: now.toISOString(),
    };
    return { contract: TASK_FINISHED, payload };
  }
  const { stage, attempt, timeoutMs, deadlineAt } = command;
  const payload = {
    taskId,
    stage,
    attempt,
    userId,
    query,
    input,
    upstream: upstreamOutputs(template, state, stage),
    timeoutMs,
    deadlineAt: new Date(deadlineAt).toISOString(),
  };
  return { contract: STAGE_REQUESTED, payload };
}
