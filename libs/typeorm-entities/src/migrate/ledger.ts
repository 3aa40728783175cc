import { z } from 'zod';
import type { SqlMigration } from './sql-migration';

/**
 * The table that says which migrations a database has, one row each, in the order applied. TypeORM
 * finds its own columns in it but cannot write it: it knows no checksum.
 */
export const LEDGER_TABLE = 'schema_migrations';

/** Creates the ledger where there is none. */
export const CREATE_LEDGER = `
CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
  id serial CONSTRAINT schema_migrations_pkey PRIMARY KEY,
  "timestamp" bigint NOT NULL,
  name text NOT NULL CONSTRAINT schema_migrations_name_key UNIQUE,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ${LEDGER_TABLE} IS
  'Migrations this database has, in the order applied; written by migration-runner only.'`;

const ledgerEntries = z.array(
  z.object({ name: z.string(), checksum: z.string(), appliedAt: z.date() }),
);
/** One applied migration. */
export type LedgerEntry = z.output<typeof ledgerEntries>[number];

/** A data source, or one connection of it. */
export interface Queryable {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

const ledgerName = z.tuple([z.object({ ledger: z.string().nullable() })]);

/** What the database has, in the order applied; nothing where there is no ledger. */
export async function readLedger(connection: Queryable): Promise<LedgerEntry[]> {
  const found = await connection.query(`SELECT to_regclass('${LEDGER_TABLE}')::text AS ledger`);
  if (ledgerName.parse(found)[0].ledger === null) return [];
  return ledgerEntries.parse(
    await connection.query(
      `SELECT name, checksum, applied_at AS "appliedAt" FROM ${LEDGER_TABLE} ORDER BY id`,
    ),
  );
}

/** The statement that records a migration as applied. */
export function recordStatement({ name, checksum }: SqlMigration): string {
  const timestamp = Number(name.slice(-13));
  return `INSERT INTO ${LEDGER_TABLE} ("timestamp", name, checksum) VALUES (${timestamp}, '${name}', '${checksum}')`;
}

/** The statement that records a migration as reverted. */
export function eraseStatement({ name }: SqlMigration): string {
  return `DELETE FROM ${LEDGER_TABLE} WHERE name = '${name}'`;
}
