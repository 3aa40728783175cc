import { TASK_TTL_SECONDS, type RedisFigures, type RedisTasks } from '@askflash/redis-tasks';
import {
  sampleRunningTasks,
  selectDatabaseFigures,
  selectInstances,
  type Database,
  type DatabaseFigures,
  type KnownInstance,
} from '@askflash/typeorm-entities';
import type { ViewSample } from './observation';
import { withinTime } from './within-time';

/** A view is written right after the commit; one that is not there by then is lost. */
const VIEW_GRACE_MS = 2_000;

/** The database and Redis, and how long each may take. */
export interface Stores {
  readonly database: Database;
  readonly redisTasks: RedisTasks;
  readonly timeoutMs: number;
}

/** What they say; undefined where they cannot be asked. */
export interface StoreSights {
  readonly database: DatabaseFigures | undefined;
  readonly instances: KnownInstance[] | undefined;
  readonly redis: RedisFigures | undefined;
  readonly views: ViewSample | undefined;
}

export async function observeStores({
  database,
  redisTasks,
  timeoutMs,
}: Stores): Promise<StoreSights> {
  const { manager } = database.dataSource;
  const [figures, instances, redis, views] = await Promise.all([
    withinTime('figures of PostgreSQL', timeoutMs, () => selectDatabaseFigures(manager)),
    withinTime('instances', timeoutMs, () => selectInstances(manager)),
    withinTime('figures of Redis', timeoutMs, () => redisTasks.figures()),
    withinTime('views', timeoutMs, () => sampleViews(database, redisTasks)),
  ]);
  return { database: figures, instances, redis, views };
}

async function sampleViews(database: Database, redisTasks: RedisTasks): Promise<ViewSample> {
  const taskIds = await sampleRunningTasks(database.dataSource.manager, {
    // A minute before it would expire by itself.
    fromAgoMs: (TASK_TTL_SECONDS - 60) * 1000,
    toAgoMs: VIEW_GRACE_MS,
  });
  const lost = await redisTasks.withoutView(taskIds);
  return { sampled: taskIds.length, lost: lost.length };
}
