import { createTestBackbone, type TestBackbone } from '@askflash/testing';
import { createDataSource } from '@askflash/typeorm-entities';
import { z } from 'zod';
import type { DataSource } from 'typeorm';
import { PostgresTaskStore } from '../src/engine/postgres-task-store';
import { TemplateStore } from '../src/engine/template-store';
import { applyBatch } from '../src/engine/transitions';
import { completion, creation, failure } from './engine-events';

const counts = z.array(z.object({ events: z.int(), attempts: z.int(), messages: z.int() }));

describe('stores of tasks', () => {
  let backbone: TestBackbone;
  const opened: DataSource[] = [];
  let one: PostgresTaskStore;
  let other: PostgresTaskStore;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    const open = async (applicationName: string) => {
      const options = { url: backbone.env.DATABASE_URL, applicationName, plansForGrowth: true };
      const dataSource = await createDataSource(options).initialize();
      opened.push(dataSource);
      return new PostgresTaskStore(dataSource, new TemplateStore());
    };
    one = await open('one');
    other = await open('other');
  });

  afterAll(async () => {
    await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    await backbone?.remove();
  });

  const dataSource = () => {
    const [first] = opened;
    if (!first) throw new Error('There is no connection');
    return first;
  };
  const create = async (store: PostgresTaskStore, templateName: string, count = 1) => {
    const events = Array.from({ length: count }, () => creation({ templateName }));
    await applyBatch(store, events);
    return events.map(({ taskId }) => taskId);
  };
  /** The stages of the standard query, in order. */
  const STAGES = ['intent_analysis', 'embedding_lookup', 'executor_reasoning', 'moderation'];

  it('each apply the result that reaches them, though the other wrote the task last', async () => {
    const ids = await create(one, 'standard_query', 20);
    for (const [index, stage] of STAGES.entries()) {
      const [next, before] = index % 2 === 0 ? [other, one] : [one, other];
      expect(before.recall(ids).size).toBe(20);
      const { outcomes, messages } = await applyBatch(
        next,
        ids.map((id) => completion(id, stage)),
      );
      expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toEqual([]);
      expect(messages).toHaveLength(20);
    }
    expect(one.recall(ids).size).toBe(0);
    const read = [...(await one.read(ids)).values()];
    expect(read.map(({ state }) => state.status)).toEqual(ids.map(() => 'complete'));
  });

  it('apply every result once, whichever has it first and however often it comes', async () => {
    const ids = await create(one, 'complex_research', 30);
    const stages = [...STAGES.slice(0, 2), 'web_search', ...STAGES.slice(2)];
    const applied = new Map<string, number>();
    for (const stage of stages) {
      const results = ids.map((id) => completion(id, stage));
      const batches = await Promise.all([
        applyBatch(one, results),
        applyBatch(other, [...results].reverse()),
        applyBatch(one, results.slice(0, 10)),
      ]);
      for (const { outcomes, changed } of batches) {
        expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
        for (const { task } of changed) applied.set(task.id, (applied.get(task.id) ?? 0) + 1);
      }
    }
    expect(ids.map((id) => applied.get(id))).toEqual(ids.map(() => stages.length));
    const rows = counts.parse(
      await dataSource().query(
        `SELECT (SELECT count(*)::int FROM task_stage_logs WHERE task_id = task.id) AS events,
                (SELECT count(*)::int FROM agent_performance WHERE task_id = task.id) AS attempts,
                (SELECT count(*)::int FROM task_outbox WHERE task_id = task.id) AS messages
           FROM task_histories AS task WHERE id = ANY ($1) AND status = 'complete'`,
        [ids],
      ),
    );
    const tasks = [...(await one.read(ids)).values()];
    expect(rows).toHaveLength(30);
    for (const row of rows) {
      // A request a stage, and the final response.
      expect(row).toEqual({ events: tasks[0]?.state.seq, attempts: 5, messages: 6 });
    }
  });

  it('judge a result by what the other has made of the task, not by what they remember', async () => {
    const [id = ''] = await create(one, 'quick_answer');
    await applyBatch(other, [failure(id, 'embedding_lookup')]);
    expect(one.recall([id]).size).toBe(1);
    const stale = await applyBatch(one, [completion(id, 'embedding_lookup')]);
    expect(stale.outcomes).toMatchObject([{ value: { ignored: expect.any(String) } }]);
    expect(stale.changed).toEqual([]);
  });

  it('remember a task as it can be read', async () => {
    const [id = ''] = await create(one, 'complex_research');
    const output = { text: 'Größe 🙂', nested: [1.5, 0, 1e300, null, { deep: true }] };
    await applyBatch(one, [completion(id, 'intent_analysis', { output })]);
    expect(one.recall([id])).toEqual(await other.read([id]));
  });

  it('remember nothing that is stored in another form than it was given', async () => {
    const [id = ''] = await create(one, 'quick_answer');
    const output = { passages: [], note: 'a\0b' };
    await applyBatch(one, [completion(id, 'embedding_lookup', { output })]);
    expect(one.recall([id]).size).toBe(0);
    const { changed } = await applyBatch(one, [completion(id, 'executor_reasoning')]);
    expect(changed).toMatchObject([{ task: { state: { status: 'complete' } } }]);
    const outputs = changed.map(({ task }) => task.state.stages['embedding_lookup']?.output);
    expect(outputs).toEqual([{ passages: [], note: 'a\ufffdb' }]);
  });

  it('forget what they knew of tasks that they fail to write', async () => {
    const [id = ''] = await create(one, 'quick_answer');
    const batch = [completion(id, 'embedding_lookup')];
    await expect(applyBatch(one, batch, ['no id'])).rejects.toThrow('uuid');
    expect(one.recall([id]).size).toBe(0);
    expect((await applyBatch(one, batch)).changed).toHaveLength(1);
    expect(one.recall([id]).size).toBe(1);
  });
});
