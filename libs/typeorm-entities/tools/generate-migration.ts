import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MIGRATION_RUNNER_CONFIG, loadConfig } from '@askflash/config';
import { Migrator } from '../src/migrate/migrator';
import { compareWithEntities } from '../src/migrate/schema-differences';
import { addToList, nameMigration, renderMigration } from './render-migration';
import { withScratchDatabase } from './scratch-database';

/*
 * `nx run typeorm-entities:migration-generate --name=AddTags`: migrates a scratch database on the
 * server that DATABASE_URL names, compares it with the entities, and writes what is between them.
 */

const MIGRATIONS_FOLDER = join(__dirname, '../src/migrations');

async function main(): Promise<number> {
  const { name } = parseArgs({ options: { name: { type: 'string' } } }).values;
  if (name === undefined || !/^[A-Z][A-Za-z0-9]*[A-Za-z]$/.test(name)) {
    console.error('Say what the migration does, in Pascal case: --name=AddTags');
    return 64;
  }
  const { databaseUrl } = loadConfig(MIGRATION_RUNNER_CONFIG);
  const difference = await withScratchDatabase(databaseUrl, async (dataSource) => {
    await new Migrator(dataSource).up();
    return compareWithEntities(dataSource);
  });
  if (difference.apply.length === 0) {
    console.log('Nothing to do: the entities are what the migrations make');
    return 0;
  }
  const { className, file } = nameMigration(name, new Date());
  const path = join(MIGRATIONS_FOLDER, `${file}.ts`);
  const list = join(MIGRATIONS_FOLDER, 'all.ts');
  writeFileSync(path, renderMigration(className, difference), { flag: 'wx' });
  writeFileSync(list, addToList(readFileSync(list, 'utf8'), className, file));
  console.log(`Wrote ${path}; read it, then run migration-runner up`);
  return 0;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
