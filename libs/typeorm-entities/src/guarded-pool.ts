import { Pool, type PoolConfig } from 'pg';

/**
 * A pool whose every client has an error listener for as long as it lives. A client that loses its
 * backend may emit `error` more than once and between owners, while neither the pool nor TypeORM
 * listens; without a listener that ends the process.
 */
export function guardedPool(onError: (error: Error) => void): typeof Pool {
  return class GuardedPool extends Pool {
    constructor(config?: PoolConfig) {
      super(config);
      this.on('connect', (client) => client.on('error', onError));
    }
  };
}
