import type { Observation } from './observation';

/** How far back is remembered. */
export const PAST_MS = 600_000;

interface Moment {
  readonly atMs: number;
  readonly queues: ReadonlyMap<string, QueueMoment> | undefined;
  readonly evictedKeys: number | undefined;
  readonly sessionsKilled: number | undefined;
}

interface QueueMoment {
  readonly ready: number;
  readonly acknowledged: number | undefined;
}

/** How a queue went over some looks. */
export interface QueueCourse {
  /** Between the first and the last of the looks. */
  readonly forMs: number;
  /** Messages that wait now, less those that waited at the first look. */
  readonly growth: number;
  /** Acknowledged meanwhile; undefined where the broker does not tell. */
  readonly acknowledged: number | undefined;
}

/** The figures of the last ten minutes that conditions compare with those of now. */
export class Past {
  private moments: Moment[] = [];

  remember(observation: Observation): void {
    const { atMs, queues, redis, database } = observation;
    this.moments = this.moments.filter((moment) => atMs - moment.atMs <= PAST_MS);
    this.moments.push({
      atMs,
      queues: queues && new Map(queues.map((queue) => [queue.name, momentOf(queue)])),
      evictedKeys: redis?.evictedKeys,
      sessionsKilled: database?.sessionsKilled,
    });
  }

  /** How a queue went over the last `withinMs`; undefined where that is not known for so long. */
  course(queue: string, withinMs: number): QueueCourse | undefined {
    const last = this.moments.at(-1);
    if (!last) return undefined;
    const first = this.moments.findLast(({ atMs }) => last.atMs - atMs >= withinMs);
    const [from, to] = [first?.queues?.get(queue), last.queues?.get(queue)];
    if (!first || !from || !to) return undefined;
    const isTold = from.acknowledged !== undefined && to.acknowledged !== undefined;
    return {
      forMs: last.atMs - first.atMs,
      growth: to.ready - from.ready,
      acknowledged: isTold ? (to.acknowledged ?? 0) - (from.acknowledged ?? 0) : undefined,
    };
  }

  /** Messages that came into a queue in the time remembered: what left it between two looks does not count. */
  arrivals(queue: string): number {
    const depths = this.moments.flatMap(({ queues }) => queues?.get(queue)?.ready ?? []);
    return growthOf(depths);
  }

  /** How many messages waited in a queue at each look of the last `withinMs`, oldest first. */
  depths(queue: string, withinMs: number): number[] {
    const fromMs = (this.moments.at(-1)?.atMs ?? 0) - withinMs;
    return this.moments
      .filter(({ atMs }) => atMs >= fromMs)
      .flatMap(({ queues }) => queues?.get(queue)?.ready ?? []);
  }

  /** Keys that were evicted between the last two looks. */
  get newlyEvicted(): number {
    return growthOf(this.moments.slice(-2).flatMap(({ evictedKeys }) => evictedKeys ?? []));
  }

  /** Sessions of PostgreSQL that were ended between the last two looks. */
  get newlyKilled(): number {
    return growthOf(this.moments.slice(-2).flatMap(({ sessionsKilled }) => sessionsKilled ?? []));
  }
}

function momentOf({ ready, told }: { ready: number; told?: { acknowledged: number } | undefined }) {
  return { ready, acknowledged: told?.acknowledged };
}

/** The sum of all steps up; a server that was restarted counts from zero again, which is a step down. */
function growthOf(values: readonly number[]): number {
  return values.reduce(
    (sum, value, index) => sum + Math.max(0, value - (values[index - 1] ?? value)),
    0,
  );
}
