import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MIGRATION_RUNNER_CONFIG, loadConfig } from '@askflash/config';
import { renderSchemaFiles } from './schema-files';

/* `nx run typeorm-entities:schema`, on the server that DATABASE_URL names. */
async function main(): Promise<void> {
  const { databaseUrl } = loadConfig(MIGRATION_RUNNER_CONFIG);
  for (const { path, content } of await renderSchemaFiles(databaseUrl)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(`Wrote ${path}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
