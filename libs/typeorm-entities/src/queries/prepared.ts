import type { DataSource } from 'typeorm';
import { z } from 'zod';

/** What of the pool of `pg` is used here; TypeORM leaves it untyped. */
interface Pool {
  query(statement: {
    readonly name: string;
    readonly text: string;
    readonly values: readonly unknown[];
  }): Promise<{ readonly rows: unknown[] }>;
}

const hasQuery = z.looseObject({ query: z.custom((value) => typeof value === 'function') });
const withPool = z.object({ master: z.custom<Pool>((pool) => hasQuery.safeParse(pool).success) });

/** A statement that each connection parses and plans once, under its name. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/** Runs a prepared statement in a transaction of its own, on whichever connection is free. */
export async function runPrepared(
  { driver }: DataSource,
  { name, text }: PreparedStatement,
  values: readonly unknown[],
): Promise<unknown[]> {
  const { master } = withPool.parse(driver);
  const { rows } = await master.query({ name, text, values });
  return rows;
}
