import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { z } from 'zod';
import type { SqlMigration } from './sql-migration';

/**
 * The table that says which migrations a database has, one row each, in the order applied. TypeORM
 * finds its own columns in it, but cannot write it: what is applied without a checksum is refused.
 */
export const LEDGER_TABLE = 'schema_migrations';

const ledgerEntries = z.array(
  z.object({ name: z.string(), checksum: z.string(), appliedAt: z.date() }),
);
/** One applied migration. */
export type LedgerEntry = z.output<typeof ledgerEntries>[number];

type Connection = Pick<DataSource | EntityManager | QueryRunner, 'query'>;

/** Creates the ledger where there is none. */
export async function createLedger(connection: Connection): Promise<void> {
  await connection.query(`
    CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
      id serial CONSTRAINT schema_migrations_pkey PRIMARY KEY,
      "timestamp" bigint NOT NULL,
      name text NOT NULL CONSTRAINT schema_migrations_name_key UNIQUE,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
}

/** What the database has, in the order applied; nothing where there is no ledger. */
export async function readLedger(connection: Connection): Promise<LedgerEntry[]> {
  const [found] = z
    .array(z.object({ ledger: z.string().nullable() }))
    .parse(await connection.query(`SELECT to_regclass($1)::text AS ledger`, [LEDGER_TABLE]));
  if (!found?.ledger) return [];
  return ledgerEntries.parse(
    await connection.query(
      `SELECT name, checksum, applied_at AS "appliedAt" FROM ${LEDGER_TABLE} ORDER BY id`,
    ),
  );
}

/** Records that a migration is applied. */
export async function recordMigration(
  connection: Connection,
  { name, checksum }: SqlMigration,
): Promise<void> {
  await connection.query(
    `INSERT INTO ${LEDGER_TABLE} ("timestamp", name, checksum) VALUES ($1, $2, $3)`,
    [Number(name.slice(-13)), name, checksum],
  );
}

/** Records that a migration is reverted. */
export async function eraseMigration(connection: Connection, name: string): Promise<void> {
  await connection.query(`DELETE FROM ${LEDGER_TABLE} WHERE name = $1`, [name]);
}
