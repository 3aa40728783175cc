import { Cluster } from 'ioredis';
import type { RedisClient } from './redis-client';

/** What Redis says of its memory; of a cluster, its masters together. */
export interface RedisFigures {
  readonly usedMemoryBytes: number;
  /** `maxmemory`; 0 where there is no limit. */
  readonly memoryLimitBytes: number;
  /** Keys evicted since the server started. */
  readonly evictedKeys: number;
}

/** Asks every master there is. */
export async function readFigures(client: RedisClient): Promise<RedisFigures> {
  const masters = client instanceof Cluster ? client.nodes('master') : [client];
  const infos = await Promise.all(masters.map((master) => master.info()));
  return infos.map(parseFigures).reduce((one, other) => ({
    usedMemoryBytes: one.usedMemoryBytes + other.usedMemoryBytes,
    memoryLimitBytes: one.memoryLimitBytes + other.memoryLimitBytes,
    evictedKeys: one.evictedKeys + other.evictedKeys,
  }));
}

/** Reads the answer of INFO: lines of `name:value`. */
export function parseFigures(info: string): RedisFigures {
  const values = new Map(
    info.split(/\r?\n/).map((line): [string, string] => {
      const [name = '', value = ''] = line.split(':', 2);
      return [name, value];
    }),
  );
  const figure = (name: string) => Number(values.get(name) ?? 0);
  return {
    usedMemoryBytes: figure('used_memory'),
    memoryLimitBytes: figure('maxmemory'),
    evictedKeys: figure('evicted_keys'),
  };
}
