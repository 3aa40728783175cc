import { nodeUrls } from '@askflash/config';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { TABLE_ENTITIES, VIEW_ENTITIES } from './entities/all';
import { LEDGER_TABLE } from './migrate/ledger';
import { PrimaryClient } from './primary-client';
import { SteadyClient } from './steady-client';

export interface DatabaseOptions {
  /** `DATABASE_URL`; of several nodes the primary is used, whichever that is. */
  readonly url: string;
  /** Shown in `pg_stat_activity`; the app's name. */
  readonly applicationName: string;
  /** The most connections held at once; 10 without it. */
  readonly poolSize?: number;
  /** The longest one statement may run, in milliseconds; 30 seconds without it, 0 for ever. */
  readonly statementTimeoutMs?: number;
  /**
   * Has statements planned as for large tables, which prepared ones go on being run with while the
   * tables grow: over an index wherever there is one, and row by row of what is looked up there.
   */
  readonly plansForGrowth?: boolean;
  /**
   * Told of idle connections that broke: the backend was ended, the network went. The pool replaces
   * them, and a query that one breaks under fails by itself; by default nobody is told.
   */
  readonly onConnectionError?: (error: Error) => void;
}

/** A hash or merge join of some rows with a small table would go through all of its index. */
const PLANS_FOR_GROWTH = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/**
 * TypeORM's options for the backbone's database. Connecting takes 5 seconds at most; a transaction
 * left idle for 30 seconds is ended by PostgreSQL, so that a stuck process cannot keep tasks locked.
 */
export function dataSourceOptions({
  url,
  applicationName,
  poolSize = 10,
  statementTimeoutMs = 30_000,
  plansForGrowth = false,
  onConnectionError = () => undefined,
}: DatabaseOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName,
    poolSize,
    connectTimeoutMS: 5_000,
    poolErrorHandler: onConnectionError,
    extra: {
      keepAlive: true,
      idleTimeoutMillis: 60_000,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 30_000,
      Client: nodeUrls(url).length > 1 ? PrimaryClient : SteadyClient,
      ...(plansForGrowth ? { options: PLANS_FOR_GROWTH } : {}),
    },
    entities: [...TABLE_ENTITIES, ...VIEW_ENTITIES],
    migrationsTableName: LEDGER_TABLE,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logging: false,
  };
}

/** A data source that is not connected yet: `await dataSource.initialize()` connects it. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource(dataSourceOptions(options));
}
