import { completion, creation, failure } from '../../test/engine-events';
import { defaultTemplate } from '../../test/task-in-memory';
import type { Outcome } from './advance';
import { toWrites, writtenOf } from './batch-writes';
import { begin } from './begin';
import type { EngineEvent } from './engine-event';
import { reduceEach } from './reduce-batch';
import type { TaskRecord } from './task-record';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NOW = new Date(Date.UTC(2026, 0, 1));
const EARLIER = new Date(NOW.getTime() - 1_000);
const LATER = new Date(NOW.getTime() + 1_000);
const store = {
  now: () => Promise.resolve(NOW),
  latestTemplate: (name: string) => Promise.resolve(defaultTemplate(name)),
};

function running(templateName = 'quick_answer', traceparent?: string): TaskRecord {
  const { task } = creation({ templateName, traceparent });
  return begin(task, defaultTemplate(templateName), NOW).task;
}

async function writesOf(batch: readonly EngineEvent[], ...tasks: readonly TaskRecord[]) {
  const before = new Map(tasks.map((task) => [task.id, task]));
  const outcomes: Outcome[] = await reduceEach(store, batch, before);
  return toWrites(batch, outcomes, before);
}

describe('toWrites', () => {
  it('changes a task once, from what it was to what all of its events made of it', async () => {
    const task = running('complex_research');
    const { id } = task;
    const events = ['intent_analysis', 'embedding_lookup', 'web_search'].map((stage) =>
      completion(id, stage),
    );
    const writes = await writesOf(events, task);
    expect(writes.created).toEqual([]);
    expect(writes.changed).toHaveLength(1);
    const [{ from, to } = { from: undefined, to: undefined }] = writes.changed;
    expect(from).toBe(task);
    expect(to?.state.seq).toBe(task.state.seq + writes.events.length);
    expect(writes.events.map(({ seq }) => seq)).toEqual(
      writes.events.map((_event, index) => task.state.seq + 1 + index),
    );
    expect(writes.reports.map(({ report }) => report.stage)).toEqual(
      events.map(({ report }) => report.stage),
    );
    expect(writes.messages.map(({ payload }) => 'stage' in payload && payload.stage)).toEqual([
      'embedding_lookup',
      'web_search',
      'executor_reasoning',
    ]);
    expect(new Set(writes.messages.map((message) => message.id)).size).toBe(3);
  });

  it('creates tasks, each with its first event and message', async () => {
    const event = creation();
    const writes = await writesOf([event]);
    expect(writes).toMatchObject({
      created: [{ id: event.taskId }],
      changed: [],
      reports: [],
      messages: [{ payload: { taskId: event.taskId, stage: 'embedding_lookup' } }],
    });
    expect(writes.events[0]).toMatchObject({ taskId: event.taskId, seq: 1 });
  });

  it('writes nothing of what was ignored or failed', async () => {
    const task = running();
    const batch = [completion(task.id, 'moderation'), completion('nobody', 'embedding_lookup')];
    const nothing = { created: [], changed: [], events: [], reports: [], messages: [] };
    expect(await writesOf(batch, task)).toEqual(nothing);
  });

  it('records a failed attempt, with how long it waited', async () => {
    const task = running();
    const { reports } = await writesOf([failure(task.id, 'embedding_lookup')], task);
    expect(reports).toMatchObject([{ type: 'stage.failed', queueWaitMs: 0 }]);
  });

  it('records no report that met its task overdue: it ended that, and was not heeded', async () => {
    const { task: wanted } = creation({ deadlineMs: 1_000 });
    const { task } = begin(wanted, defaultTemplate(wanted.templateName), EARLIER);
    const neverAsked = completion(task.id, 'embedding_lookup', { attempt: 2 });
    const { changed, reports } = await writesOf([neverAsked], task);
    expect(changed).toMatchObject([{ to: { state: { status: 'failed' } } }]);
    expect(reports).toEqual([]);
  });

  it('sends each message under the trace context of what it follows from', async () => {
    const [traced, untraced] = [running('quick_answer', TRACEPARENT), running()];
    const { messages } = await writesOf(
      [completion(traced.id, 'embedding_lookup'), completion(untraced.id, 'embedding_lookup')],
      traced,
      untraced,
    );
    expect(messages.map(({ traceparent }) => traceparent)).toEqual([TRACEPARENT, null]);
  });
});

describe('writtenOf', () => {
  it('leaves out tasks that were not written, with their events and messages', async () => {
    const [moved, still] = [running(), running()];
    const [made, repeated] = [creation(), creation()];
    const writes = await writesOf(
      [
        completion(moved.id, 'embedding_lookup'),
        made,
        completion(still.id, 'embedding_lookup'),
        repeated,
      ],
      moved,
      still,
    );
    const { changed, messages } = writtenOf(writes, {
      created: new Set([made.taskId]),
      changed: new Map([[still.id, LATER]]),
    });
    expect(changed).toMatchObject([
      { task: { id: made.taskId, updatedAt: NOW } },
      { task: { id: still.id, updatedAt: LATER } },
    ]);
    expect(changed.map(({ events }) => new Set(events.map(({ taskId }) => taskId)))).toEqual([
      new Set([made.taskId]),
      new Set([still.id]),
    ]);
    expect(messages.map(({ payload }) => payload.taskId)).toEqual([made.taskId, still.id]);
  });
});
