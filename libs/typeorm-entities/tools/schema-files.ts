import { join } from 'node:path';
import { Migrator } from '../src/migrate/migrator';
import { describeSchema } from './describe-schema';
import { dumpSchema } from './dump-schema';
import { withScratchDatabase } from './scratch-database';

const WORKSPACE = join(__dirname, '../../..');

/** A file that is made from the migrated schema. */
export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

const HEADER = `-- The whole schema, dumped from a migrated database by: nx run typeorm-entities:schema
-- To be read; what makes it are the migrations in libs/typeorm-entities/src/migrations.

`;

/** Migrates a scratch database on the server that `url` names, and writes down what it holds. */
export function renderSchemaFiles(url: string): Promise<SchemaFile[]> {
  return withScratchDatabase(url, async (dataSource) => {
    await new Migrator(dataSource).up();
    const [{ name }] = await dataSource.query('SELECT current_database() AS name');
    const scratchUrl = new URL(url);
    scratchUrl.pathname = `/${name}`;
    return [
      {
        path: join(WORKSPACE, 'infrastructure/database/schema.sql'),
        content: HEADER + (await dumpSchema(scratchUrl.href)),
      },
      {
        path: join(WORKSPACE, 'docs/reference/schema.md'),
        content: await describeSchema(dataSource),
      },
    ];
  });
}
