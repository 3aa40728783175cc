import { RabbitmqManagement } from '@askflash/messaging';
import type { PrivateServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Workbench } from './benchmark';
import type { Machine } from './results';
import { median, percentile } from './statistics';

const WRITES = 200;
const BLOCK = Buffer.alloc(8192, 1);

/** What figures depend on: the machine, its disk, and the versions of all that was measured. */
export async function describeMachine(bench: Workbench): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${distribution()}, ${type()} ${release()}`,
    fsync: measureFsync(bench.folder),
    versions: { Node: process.versions.node, ...(await serverVersions(await bench.servers())) },
  };
}

function distribution(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

/** Appends blocks to a file, each made durable before the next, as a database's log is. */
function measureFsync(folder: string): Machine['fsync'] {
  const file = openSync(join(folder, 'fsync'), 'w');
  try {
    const times = Array.from({ length: WRITES }, () => {
      const startedAt = performance.now();
      writeSync(file, BLOCK);
      fdatasyncSync(file);
      return performance.now() - startedAt;
    });
    return { median: median(times), p99: percentile(times, 99) };
  } finally {
    closeSync(file);
  }
}

async function serverVersions({ env }: PrivateServers): Promise<Record<string, string>> {
  const [postgres, redis, rabbitmq] = await Promise.all([
    postgresVersion(env.DATABASE_URL),
    redisVersion(env.REDIS_URL),
    new RabbitmqManagement(env.RABBITMQ_MANAGEMENT_URL).version(),
  ]);
  return { PostgreSQL: postgres, Redis: redis, RabbitMQ: rabbitmq };
}

async function postgresVersion(connectionString: string): Promise<string> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}

async function redisVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
  } finally {
    redis.disconnect();
  }
}
