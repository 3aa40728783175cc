import { crashPoint } from '@askflash/config';
import type { Outcome, OutboxMessage } from './advance';
import { toWrites, writtenOf, type ChangedTask } from './batch-writes';
import { affectedTask, type EngineEvent } from './engine-event';
import { reduceEach } from './reduce-batch';
import { replaceRepeated } from './repeated-requests';
import type { TaskRecord } from './task-record';
import type { TaskStore } from './task-store';

/** What a batch came to. */
export interface BatchResult {
  /** One for each event, in its order. */
  readonly outcomes: readonly Outcome[];
  readonly changed: readonly ChangedTask[];
  readonly messages: readonly OutboxMessage[];
}

/**
 * Applies a batch of events: takes the tasks, applies the reducer event by event, and commits all
 * that comes of it at once. An event that cannot be applied fails alone; those of a task that
 * somebody else has moved on meanwhile are applied again, to what it has become.
 *
 * ```
 * recall, else read ──► reduce ──► write ──► done
 *                 ▲                  │
 *                 └──────────────────┘ a task is not what was recalled or read
 * ```
 *
 * @param confirmed ids of messages to be forgotten with the commit
 */
export function applyBatch(
  store: TaskStore,
  batch: readonly EngineEvent[],
  confirmed: readonly string[] = [],
): Promise<BatchResult> {
  return applyTo(store, batch, store.recall(reportedTasks(batch)), confirmed);
}

async function applyTo(
  store: TaskStore,
  batch: readonly EngineEvent[],
  recalled: ReadonlyMap<string, TaskRecord>,
  confirmed: readonly string[],
): Promise<BatchResult> {
  const ids = new Set(batch.flatMap(affectedTask));
  const read = await store.read([...ids].filter((id) => !recalled.has(id)));
  const before = new Map([...recalled, ...read]);
  const reduced = await reduceEach(store, batch, before);
  const writes = toWrites(batch, reduced, before);
  crashPoint('coordinator.before-commit');
  const written = await store.write({ ...writes, confirmed });
  crashPoint('coordinator.after-commit');
  const outcomes = await replaceRepeated(store, reduced, writes.created, written.created);
  const result = { outcomes: asWritten(outcomes, written.changed), ...writtenOf(writes, written) };
  // Where all events of a task were ignored nothing has told whether what was recalled is true.
  const unsure = new Set(recalled.keys());
  for (const { to } of writes.changed) {
    if (written.changed.has(to.id)) unsure.delete(to.id);
    else unsure.add(to.id);
  }
  return unsure.size === 0 ? result : applyAgain(store, batch, result, unsure);
}

/** Applies the events of some tasks to what these are by now, in place of what came of them. */
async function applyAgain(
  store: TaskStore,
  batch: readonly EngineEvent[],
  { outcomes, changed, messages }: BatchResult,
  taskIds: ReadonlySet<string>,
): Promise<BatchResult> {
  const isOfThem = batch.map((event) => affectedTask(event).some((id) => taskIds.has(id)));
  const events = batch.filter((_event, index) => isOfThem[index]);
  const again = await applyTo(store, events, new Map(), []);
  const inOrder = again.outcomes.values();
  return {
    outcomes: outcomes.map((outcome, index) =>
      isOfThem[index] ? (inOrder.next().value ?? outcome) : outcome,
    ),
    changed: [...changed, ...again.changed],
    messages: [...messages, ...again.messages],
  };
}

/** Tasks that agents report on and nobody does anything else to. */
function reportedTasks(batch: readonly EngineEvent[]): string[] {
  const others = new Set(batch.filter((event) => !('report' in event)).flatMap(affectedTask));
  const reported = new Set(batch.filter((event) => 'report' in event).flatMap(affectedTask));
  return [...reported].filter((id) => !others.has(id));
}

/** Outcomes whose tasks tell when they were updated. */
function asWritten(
  outcomes: readonly Outcome[],
  changed: ReadonlyMap<string, Date>,
): readonly Outcome[] {
  return outcomes.map((outcome): Outcome => {
    if (outcome.status === 'rejected' || outcome.value.ignored !== undefined) return outcome;
    const { task } = outcome.value;
    const updatedAt = changed.get(task.id) ?? task.updatedAt;
    return { status: 'fulfilled', value: { ...outcome.value, task: { ...task, updatedAt } } };
  });
}
