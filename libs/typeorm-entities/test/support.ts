import { newId } from '@askflash/config';
import { createTestDatabase, type TestDatabase } from '@askflash/testing';
import type { DataSource } from 'typeorm';
import {
  Migrator,
  createDataSource,
  type NewTask,
  type SeedTemplate,
  type DatabaseOptions,
} from '../src/index';

export const TEMPLATE: SeedTemplate & { stages: unknown[] } = {
  name: 'quick_answer',
  version: 1,
  description: 'For the specs',
  stages: [{ name: 'embedding_lookup' }],
};

/** A database of the suite's own and what connects to it; all of it is gone after the suite. */
export function useDatabase({ migrated = true } = {}) {
  let database: TestDatabase;
  let dataSource: DataSource;
  const opened: DataSource[] = [];

  const connect = async (options: Partial<DatabaseOptions> = {}): Promise<DataSource> => {
    const another = createDataSource({
      url: database.url,
      applicationName: 'typeorm-entities-spec',
      ...options,
    });
    opened.push(another);
    return another.initialize();
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect();
    if (migrated) await new Migrator(dataSource, { templates: [TEMPLATE] }).up();
  });
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.isInitialized && each.destroy()));
    await database.drop();
  });

  return {
    get url() {
      return database.url;
    },
    get dataSource() {
      return dataSource;
    },
    get manager() {
      return dataSource.manager;
    },
    connect,
  };
}

/** A task as it is accepted, with what a spec does not care for filled in. */
export function aTask(overrides: Partial<NewTask> = {}): NewTask {
  return {
    id: newId(),
    userId: 'ada',
    query: 'How do I stop the stack?',
    input: {},
    templateName: TEMPLATE.name,
    templateVersion: TEMPLATE.version,
    status: 'waiting',
    state: {},
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
    ...overrides,
  };
}
