import { QueryFailedError, type DataSource } from 'typeorm';
import { z } from 'zod';
import type { Queryable } from './ledger';

/** SQL that would bring a database to the entities, and back again. */
export interface SchemaDifference {
  readonly apply: readonly string[];
  readonly revert: readonly string[];
}

/** SQL that would bring the views of a database to those of the entities, and back again. */
export async function compareViews(dataSource: DataSource): Promise<SchemaDifference> {
  const apply: string[] = [];
  const revert: string[] = [];
  for (const { tableName, expression } of dataSource.entityMetadatas) {
    if (typeof expression !== 'string') continue;
    const live = await liveDefinition(dataSource, tableName);
    if (live !== null && live === (await wantedDefinition(dataSource, tableName, expression))) {
      continue;
    }
    const drop = `DROP VIEW ${tableName}`;
    apply.push(
      ...(live === null ? [] : [drop]),
      `CREATE VIEW ${tableName} AS ${expression.replaceAll(/\s+/g, ' ').trim()}`,
    );
    revert.push(drop, ...(live === null ? [] : [`CREATE VIEW ${tableName} AS ${live}`]));
  }
  return { apply, revert };
}

const definitions = z.tuple([z.object({ definition: z.string().nullable() })]);

/** A view as PostgreSQL writes it; null where there is none of that name. */
async function liveDefinition(connection: Queryable, name: string): Promise<string | null> {
  const found = await connection.query(
    `SELECT pg_get_viewdef(to_regclass($1), true) AS definition`,
    [name],
  );
  return definitions.parse(found)[0].definition;
}

/** What PostgreSQL would write for it; null where its tables are not there (yet). */
async function wantedDefinition(
  dataSource: DataSource,
  name: string,
  expression: string,
): Promise<string | null> {
  const queryRunner = dataSource.createQueryRunner();
  await queryRunner.startTransaction();
  try {
    await queryRunner.query(`CREATE TEMPORARY VIEW ${name} AS ${expression}`);
    return await liveDefinition(queryRunner, `pg_temp.${name}`);
  } catch (error) {
    if (error instanceof QueryFailedError) return null;
    throw error;
  } finally {
    await queryRunner.rollbackTransaction();
    await queryRunner.release();
  }
}
