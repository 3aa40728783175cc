import type { TestBackbone } from '@askflash/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** What servers count of the work they are given. */
export interface Counters {
  /** Totals so far, of the backbone's database and of the whole Redis. */
  read(): Promise<{ readonly transactions: number; readonly commands: number }>;
  close(): Promise<void>;
}

/** Reads the servers' own counters, over connections that stay open. */
export async function openCounters(env: TestBackbone['env']): Promise<Counters> {
  const postgres = new Client({ connectionString: env.DATABASE_URL });
  await postgres.connect();
  const redis = new Redis(env.REDIS_URL);
  return {
    read: async () => {
      const { rows } = await postgres.query<{ count: string }>(
        'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
      );
      const info = await redis.info('stats');
      return {
        transactions: Number(rows[0]?.count),
        commands: Number(/total_commands_processed:(\d+)/.exec(info)?.[1]),
      };
    },
    close: async () => {
      redis.disconnect();
      await postgres.end();
    },
  };
}
