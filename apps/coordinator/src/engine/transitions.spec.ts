import type { TaskRecord } from './task-record';
import { TaskStoreInMemory } from '../../test/task-store-in-memory';
import { completion, creation, failure, repetition } from '../../test/engine-events';
import { TaskNotEndedError, TaskNotFoundError } from '../tasks/errors';
import { applyBatch, type BatchResult } from './transitions';

/** Two coordinators that share their tasks. */
function twoStores(): [TaskStoreInMemory, TaskStoreInMemory] {
  const tasks = new Map<string, TaskRecord>();
  return [new TaskStoreInMemory(tasks), new TaskStoreInMemory(tasks)];
}

async function begun(store: TaskStoreInMemory, templateName = 'quick_answer'): Promise<string> {
  const event = creation({ templateName });
  await applyBatch(store, [event]);
  return event.taskId;
}

const stages = (store: TaskStoreInMemory, id: string) =>
  Object.entries(store.tasks.get(id)?.state.stages ?? {}).flatMap(([name, { status }]) =>
    status === 'pending' ? [] : [`${name} ${status}`],
  );
const requested = ({ messages }: BatchResult) =>
  messages.flatMap(({ payload }) => ('stage' in payload ? [payload.stage] : []));
const ignored = ({ outcomes }: BatchResult) =>
  outcomes.map((outcome) =>
    outcome.status === 'rejected' ? outcome.reason : outcome.value.ignored,
  );

describe('a batch on what the process remembers', () => {
  it('needs no read where it is true', async () => {
    const store = new TaskStoreInMemory();
    const id = await begun(store);
    const result = await applyBatch(store, [completion(id, 'embedding_lookup')]);
    expect(requested(result)).toEqual(['executor_reasoning']);
    expect(store.reads).toEqual([]);
  });

  it('is applied to what the task has become, where it has moved on', async () => {
    const [store, other] = twoStores();
    const id = await begun(store, 'complex_research');
    await applyBatch(store, [completion(id, 'intent_analysis')]);
    await applyBatch(other, [completion(id, 'web_search')]);
    const result = await applyBatch(store, [completion(id, 'embedding_lookup')]);
    expect(store.reads).toEqual([[id]]);
    expect(requested(result)).toEqual(['executor_reasoning']);
    expect(result.changed).toMatchObject([{ task: { id }, events: expect.anything() }]);
    expect(stages(store, id)).toEqual(
      expect.arrayContaining([
        'web_search completed',
        'embedding_lookup completed',
        'executor_reasoning requested',
      ]),
    );
  });

  it('is judged by what is read, where what is remembered would ignore it', async () => {
    const [store, other] = twoStores();
    const id = await begun(store);
    await applyBatch(other, [failure(id, 'embedding_lookup')]);
    other.time = new Date(store.time.getTime() + 3_600_000);
    await applyBatch(other, [{ type: 'tick', taskId: id }]);
    expect(other.tasks.get(id)?.state.stages['embedding_lookup']).toMatchObject({ attempt: 2 });
    const result = await applyBatch(store, [completion(id, 'embedding_lookup', { attempt: 2 })]);
    expect(ignored(result)).toEqual([undefined]);
    expect(stages(store, id)).toContain('embedding_lookup completed');
  });

  it('is ignored only once it is read that it has to be, and shows the task as it is', async () => {
    const [store, other] = twoStores();
    const id = await begun(store);
    await applyBatch(other, [completion(id, 'embedding_lookup')]);
    const result = await applyBatch(store, [
      completion(id, 'embedding_lookup'),
      completion(id, 'embedding_lookup'),
    ]);
    expect(ignored(result)).toEqual(['stage_not_running', 'stage_not_running']);
    expect(result).toMatchObject({ changed: [], messages: [] });
    expect(result.outcomes).toMatchObject([
      { value: { task: { state: { seq: store.tasks.get(id)?.state.seq } } } },
      { value: { task: { state: { seq: store.tasks.get(id)?.state.seq } } } },
    ]);
  });
});

describe('a batch on what it has read', () => {
  it('is applied anew for tasks that moved before it was written, for them only', async () => {
    const [store, other] = twoStores();
    const [moved, still] = [await begun(other, 'complex_research'), await begun(other)];
    await applyBatch(other, [completion(moved, 'intent_analysis')]);
    store.beforeNextWrite(() => applyBatch(other, [completion(moved, 'web_search')]));
    const result = await applyBatch(store, [
      completion(moved, 'embedding_lookup'),
      completion(still, 'embedding_lookup'),
      completion(moved, 'embedding_lookup'),
    ]);
    expect(store.reads).toEqual([[moved, still], [moved]]);
    expect(ignored(result)).toEqual([undefined, undefined, 'stage_not_running']);
    expect(requested(result)).toEqual(['executor_reasoning', 'executor_reasoning']);
    expect(result.changed.map(({ task }) => task.id)).toEqual([still, moved]);
  });

  it('is applied as often as somebody else comes first', async () => {
    const [store, other] = twoStores();
    const id = await begun(other, 'complex_research');
    await applyBatch(other, [completion(id, 'intent_analysis')]);
    store.beforeNextWrite(async () => {
      await applyBatch(other, [completion(id, 'web_search')]);
      store.beforeNextWrite(() =>
        applyBatch(other, [{ type: 'abort', taskId: id, reason: 'Enough' }]),
      );
    });
    const result = await applyBatch(store, [completion(id, 'embedding_lookup')]);
    expect(ignored(result)).toEqual(['task_finished']);
    expect(store.reads).toEqual([[id], [id], [id]]);
    expect(store.tasks.get(id)?.state.status).toBe('aborted');
  });

  it('deletes confirmed messages once', async () => {
    const [store, other] = twoStores();
    const id = await begun(store);
    await applyBatch(other, [completion(id, 'embedding_lookup')]);
    await applyBatch(store, [completion(id, 'embedding_lookup')], ['m']);
    expect(store.writes.flatMap(({ confirmed }) => confirmed)).toEqual(['m']);
  });

  it('fails an event whose task is not there, and no other', async () => {
    const store = new TaskStoreInMemory();
    const id = await begun(store);
    const result = await applyBatch(store, [
      completion('nobody', 'embedding_lookup'),
      completion(id, 'embedding_lookup'),
    ]);
    expect(ignored(result)).toEqual([expect.any(TaskNotFoundError), undefined]);
  });
});

describe('a retry', () => {
  it('of a task that the same batch ends comes too early', async () => {
    const store = new TaskStoreInMemory();
    const id = await begun(store);
    const retry = repetition(id);
    const abort = { type: 'abort', taskId: id, reason: 'Enough' } as const;
    const result = await applyBatch(store, [abort, retry]);
    expect(ignored(result)).toEqual([undefined, expect.any(TaskNotEndedError)]);
    expect(ignored(await applyBatch(store, [retry]))).toEqual([undefined]);
    expect(store.tasks.get(retry.taskId)).toMatchObject({ retryOf: id });
  });

  it('makes no task of an end that was never committed', async () => {
    const [store, other] = twoStores();
    const id = await begun(other, 'simple_lookup');
    store.beforeNextWrite(() => applyBatch(other, [failure(id, 'embedding_lookup')]));
    const retry = repetition(id);
    const result = await applyBatch(store, [completion(id, 'embedding_lookup'), retry]);
    expect(store.tasks.get(id)?.state.status).toBe('in_progress');
    expect(ignored(result)).toEqual([expect.anything(), expect.any(TaskNotEndedError)]);
    expect(store.tasks.has(retry.taskId)).toBe(false);
    expect(result.changed).toEqual([]);
  });

  it('is made once, though its request is repeated', async () => {
    const store = new TaskStoreInMemory();
    const id = await begun(store);
    await applyBatch(store, [{ type: 'abort', taskId: id, reason: 'Enough' }]);
    const idempotency = { key: 'k', requestHash: 'h' };
    const [first, second] = [repetition(id), repetition(id)].map((one) => ({
      ...one,
      idempotency,
    }));
    if (!first || !second) throw new Error('There are two');
    const result = await applyBatch(store, [first, second]);
    expect(ignored(result)).toEqual([undefined, 'repeated_request']);
    expect(result.changed.map(({ task }) => task.id)).toEqual([first.taskId]);
  });
});
