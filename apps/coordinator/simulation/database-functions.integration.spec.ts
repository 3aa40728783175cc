import { createTestDatabase, type TestDatabase } from '@askflash/testing';
import * as real from '@askflash/typeorm-entities';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { Choices } from './choices';
import { Database } from './database';
import * as simulated from './database-functions';
import { Operations, letRun, type Process } from './operations';
import { anyAct, play, type Act, type Queries } from './random-acts';
import { TEMPLATES, storeTemplates } from './templates';
import { SimulatedDataSource } from './typeorm';

const RUN_COUNT = 150;

/** Answers of the simulated database to the same acts. */
async function playSimulated(acts: readonly Act[]): Promise<unknown[]> {
  const process: Process = { crashed: false, frozen: false };
  const operations = new Operations(new Choices([]));
  const database = new Database(operations);
  storeTemplates(database.tables, TEMPLATES);
  let isOver = false;
  const answers = play(new SimulatedDataSource(process, database), simulated, acts).finally(
    () => (isOver = true),
  );
  while ((await letRun(), !isOver)) operations.next[0]?.();
  return answers;
}

describe('the simulated database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await real
      .createDataSource({ url: database.url, applicationName: 'simulation-spec' })
      .initialize();
    const templates = TEMPLATES.map((template) => ({ ...template }));
    await new real.Migrator(dataSource, { templates }).up();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  it('answers as PostgreSQL does, whatever is written and asked in whatever order', async () => {
    const queries: Queries = real;
    await fc.assert(
      fc.asyncProperty(fc.array(anyAct, { minLength: 4, maxLength: 16 }), async (acts) => {
        await dataSource.query('TRUNCATE task_histories CASCADE');
        expect(await playSimulated(acts)).toEqual(await play(dataSource, queries, acts));
      }),
      { numRuns: RUN_COUNT },
    );
  });
});
