import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

const pool = z.object({
  totalCount: z.number(),
  idleCount: z.number(),
  waitingCount: z.number(),
});

/** TypeORM leaves the pool of `pg` untyped, and has none before it has connected. */
const withPool = z.object({ master: pool });

/** Lets `/metrics` tell of an app's connections to PostgreSQL; all are 0 before it has connected. */
export function observePool(dataSource: DataSource, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'postgres_pool_connections',
    help: 'Connections to PostgreSQL that the app holds: all, and those that nothing uses',
    labelNames: ['state'],
    registers,
    collect() {
      const { totalCount, idleCount } = poolOf(dataSource);
      this.set({ state: 'total' }, totalCount);
      this.set({ state: 'idle' }, idleCount);
    },
  });
  new Gauge({
    name: 'postgres_pool_waiting',
    help: 'Queries that wait for a connection to PostgreSQL',
    registers,
    collect() {
      this.set(poolOf(dataSource).waitingCount);
    },
  });
}

function poolOf({ driver }: DataSource): z.output<typeof pool> {
  return (
    withPool.safeParse(driver).data?.master ?? { totalCount: 0, idleCount: 0, waitingCount: 0 }
  );
}
