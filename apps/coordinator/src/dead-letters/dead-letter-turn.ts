import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { DeadLettersBusyError } from './errors';

const POLL_INTERVAL_MS = 100;
const LOCK_KEY = `hashtextextended('askflash:dead-letters', 0)`;
const locked = z.tuple([z.object({ locked: z.boolean() })]);

/**
 * Has work done while nobody else, of any coordinator, has the dead letters checked out: who checks
 * them out hides them from all others. PostgreSQL frees the turn when the process ends. Were two ever
 * to overlap, each would see a part, and none would be lost.
 *
 * @throws {DeadLettersBusyError} somebody else has it for `waitMs`
 */
export async function takeTurn<T>(
  dataSource: DataSource,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await acquire(queryRunner, waitMs);
    try {
      return await work();
    } finally {
      // A connection that broke has given the turn up already.
      await queryRunner.query(`SELECT pg_advisory_unlock(${LOCK_KEY})`).catch(() => undefined);
    }
  } finally {
    await queryRunner.release();
  }
}

async function acquire(queryRunner: QueryRunner, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const answer: unknown = await queryRunner.query(
      `SELECT pg_try_advisory_lock(${LOCK_KEY}) AS locked`,
    );
    if (locked.parse(answer)[0].locked) return;
    if (performance.now() >= deadline) {
      throw new DeadLettersBusyError('A redrive of the dead letters is under way');
    }
    await delay(POLL_INTERVAL_MS);
  }
}
