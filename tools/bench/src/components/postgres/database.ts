import { newId } from '@askflash/config';
import type { JsonObject } from '@askflash/contracts';
import { createTestDatabase } from '@askflash/testing';
import { Migrator, createDataSource, type NewTask } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';

/** Statements under way at once, and so connections. */
export const CONNECTIONS = 10;

/** Rows of one statement of a batch. */
export const BATCH_ROWS = 200;

const TEMPLATE = { name: 'bench', version: 1, description: 'For the bench', stages: [] };

/** What the reducer keeps of a task with five stages. */
export const STATE: JsonObject = {
  status: 'in_progress',
  stages: [
    { name: 'intent_analysis', status: 'completed', attempt: 1, output: { category: 'factual' } },
    { name: 'embedding_lookup', status: 'completed', attempt: 1, output: { passages: [] } },
    { name: 'executor_reasoning', status: 'requested', attempt: 1, output: null },
    { name: 'moderation', status: 'pending', attempt: 0, output: null },
    { name: 'response_packaging', status: 'pending', attempt: 0, output: null },
  ],
};

/** A migrated database of one benchmark's own. */
export interface BenchDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  drop(): Promise<void>;
}

export async function createBenchDatabase(): Promise<BenchDatabase> {
  const database = await createTestDatabase();
  const dataSource = createDataSource({
    url: database.url,
    applicationName: 'bench',
    poolSize: CONNECTIONS,
  });
  await dataSource.initialize();
  await new Migrator(dataSource, { templates: [TEMPLATE] }).up();
  return {
    url: database.url,
    dataSource,
    drop: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}

/** A task as the coordinator stores it. */
export function newTask(): NewTask {
  return {
    id: newId(),
    userId: 'bench',
    query: 'How do I stop the stack?',
    input: {},
    templateName: TEMPLATE.name,
    templateVersion: TEMPLATE.version,
    status: 'in_progress',
    state: STATE,
    eventSeq: 1,
    priority: 5,
    idempotencyKey: null,
    requestHash: null,
    retryOf: null,
    traceparent: null,
    wakeAt: null,
    deadlineAt: null,
    result: null,
    error: null,
    createdAt: new Date(),
    finishedAt: null,
  };
}
