import { newId } from '@askflash/config';
import { createTestBackbone, type TestBackbone } from '@askflash/testing';
import { createDataSource } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import type { EngineEvent } from '../src/engine/engine-event';
import { PostgresTaskStore } from '../src/engine/postgres-task-store';
import { TemplateStore } from '../src/engine/template-store';
import { applyBatch } from '../src/engine/transitions';
import { TaskNotFoundError, TaskTemplateUnknownError } from '../src/tasks/errors';

describe('a batch', () => {
  let backbone: TestBackbone;
  let dataSource: DataSource;
  const templates = new TemplateStore();

  beforeAll(async () => {
    backbone = await createTestBackbone();
    const url = backbone.env.DATABASE_URL;
    dataSource = await createDataSource({ url, applicationName: 'batch-spec' }).initialize();
  });

  afterAll(async () => {
    await dataSource?.destroy();
    await backbone?.remove();
  });

  const apply = (batch: readonly EngineEvent[]) =>
    applyBatch(new PostgresTaskStore(dataSource, templates), batch);
  const count = async (table: string) => {
    const rows: unknown = await dataSource.query(`SELECT count(*)::int AS count FROM ${table}`);
    return rows;
  };
  const creation = (templateName = 'quick_answer', key?: string): EngineEvent => {
    const id = newId();
    const task = {
      id,
      userId: 'ada',
      query: 'q',
      input: {},
      templateName,
      priority: 5,
      deadlineMs: undefined,
      idempotency: key === undefined ? undefined : { key, requestHash: 'hash' },
    };
    return { type: 'create', taskId: id, task };
  };

  it('is applied once, though its commit was not heard of and it comes a second time', async () => {
    const batch = [creation(), creation('standard_query'), creation('quick_answer', 'key')];
    const first = await apply(batch);
    expect(first.changed).toHaveLength(3);
    const written = await Promise.all(['task_stage_logs', 'task_outbox'].map(count));
    const second = await apply(batch);
    expect(second.changed).toEqual([]);
    expect(second.messages).toEqual([]);
    expect(second.outcomes).toMatchObject(
      batch.map(({ taskId: id }) => ({
        status: 'fulfilled',
        value: { task: { id }, ignored: 'repeated_request' },
      })),
    );
    expect(await Promise.all(['task_stage_logs', 'task_outbox'].map(count))).toEqual(written);
  });

  it('loses only the events that cannot be applied, and those that repeat others', async () => {
    const { outcomes, changed } = await apply([
      creation('nobody'),
      creation('quick_answer', 'twice'),
      creation('quick_answer', 'twice'),
      { type: 'abort', taskId: newId(), reason: 'x' },
      creation(),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: expect.any(TaskTemplateUnknownError) },
      { status: 'fulfilled', value: { ignored: undefined } },
      { status: 'fulfilled', value: { ignored: 'repeated_request' } },
      { status: 'rejected', reason: expect.any(TaskNotFoundError) },
      { status: 'fulfilled', value: { ignored: undefined } },
    ]);
    expect(changed).toHaveLength(2);
  });

  it('never waits for another that takes the same keys in another order', async () => {
    const keys = Array.from({ length: 500 }, (_one, index) => `crossed-${index}`);
    const results = await Promise.all(
      [keys, [...keys].reverse(), keys, [...keys].reverse()].map((order) =>
        apply(order.map((key) => creation('quick_answer', key))),
      ),
    );
    expect(results.flatMap(({ changed }) => changed)).toHaveLength(500);
    const outcomes = results.flatMap((result) => result.outcomes);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});
