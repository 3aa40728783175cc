import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { MigrationLockTimeoutError } from '../errors';
import { LEDGER_TABLE } from './ledger';

const POLL_INTERVAL_MS = 100;
const LOCK_KEY = `hashtextextended('${LEDGER_TABLE}', 0)`;
const locked = z.tuple([z.object({ locked: z.boolean() })]);

/**
 * Runs work as the only migration runner of the database, on one connection that it keeps.
 *
 * The lock is polled for: a runner blocked in `pg_advisory_lock` holds a snapshot, and `CREATE INDEX
 * CONCURRENTLY` in the other runner would wait for that snapshot's end, while it waits for the lock.
 * PostgreSQL frees the lock when the connection ends, however the runner does.
 *
 * @throws {MigrationLockTimeoutError} where another runner holds the lock for `timeoutMs`
 */
export async function withMigrationLock<T>(
  dataSource: DataSource,
  timeoutMs: number,
  work: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await acquire(queryRunner, timeoutMs);
    try {
      await queryRunner.query(`SET statement_timeout = 0`);
      await queryRunner.query(`SET idle_in_transaction_session_timeout = 0`);
      await queryRunner.query(`SET lock_timeout = ${Math.max(1, Math.trunc(timeoutMs))}`);
      return await work(queryRunner);
    } finally {
      await release(queryRunner);
    }
  } finally {
    await queryRunner.release();
  }
}

async function acquire(queryRunner: QueryRunner, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await queryRunner.query(`SELECT pg_try_advisory_lock(${LOCK_KEY}) AS locked`);
    if (locked.parse(answer)[0].locked) return;
    const rest = deadline - performance.now();
    if (rest <= 0) {
      throw new MigrationLockTimeoutError(timeoutMs, { holder: 'Another migration runner' });
    }
    await delay(Math.min(POLL_INTERVAL_MS, rest));
  }
}

/** A connection that broke has lost the lock with it, and takes no statement any more. */
async function release(queryRunner: QueryRunner): Promise<void> {
  if (queryRunner.isReleased) return;
  try {
    await queryRunner.query('RESET ALL');
    await queryRunner.query(`SELECT pg_advisory_unlock(${LOCK_KEY})`);
  } catch {
    // What the work threw says more.
  }
}
