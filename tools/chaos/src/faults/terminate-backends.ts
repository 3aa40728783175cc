import { withPostgres } from '../rig/clients';
import type { Fault } from './fault';

/** PostgreSQL ends every connection, in the middle of whatever it is at. */
export const TERMINATE_BACKENDS: Fault = {
  kind: 'terminate-backends',
  targets: () => ['postgres'],
  forMs: [0, 0],
  inject: (rig) =>
    withPostgres(rig.env.DATABASE_URL, async (postgres) => {
      await postgres.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    }),
};
