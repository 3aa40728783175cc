import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { eventually } from '../eventually';
import { urlOfNodes, type Cluster, type ClusterNode } from './cluster';
import { serverPort } from './server-port';
import { WORKSPACE_ROOT } from '../workspace-root';
import { ServerProcess } from './server-process';

const run = promisify(execFile);

const INFRASTRUCTURE = join(WORKSPACE_ROOT, 'infrastructure/redis');
const MASTER_COUNT = 3;

/** A Redis Cluster of one suite's own. */
export interface RedisCluster extends Cluster {
  readonly env: { readonly REDIS_URL: string };
  readonly nodes: readonly RedisNode[];
  /** Those that hold slots now. */
  masters(): Promise<RedisNode[]>;
}

/** Starts a Redis Cluster of three masters with a replica each on this machine. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-redis-'));
  const password = randomBytes(12).toString('hex');
  const nodes: RedisNode[] = [];
  for (let number = 1; number <= 2 * MASTER_COUNT; number += 1) {
    const [port, busPort] = [await serverPort(), await serverPort()];
    nodes.push(new RedisNode(`redis-${number}`, { folder, port, busPort, password }));
  }
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  const ports = nodes.map(({ port }) => port);
  try {
    await Promise.all(nodes.map((node) => node.start()));
    const hosts = ports.map((port) => `127.0.0.1:${port}`);
    await run('redis-cli', [
      ...['--no-auth-warning', '-a', password, '--cluster', 'create', ...hosts],
      ...['--cluster-replicas', '1', '--cluster-yes'],
    ]);
    await Promise.all(nodes.map((node) => node.isWhole()));
  } catch (error) {
    await stop();
    throw error;
  }
  const masters = async (): Promise<RedisNode[]> => {
    const roles = await Promise.all(nodes.map((node) => node.role().catch(() => 'none')));
    return nodes.filter((_node, index) => roles[index] === 'master');
  };
  const env = { REDIS_URL: `${urlOfNodes('redis', `:${password}`, ports)}&cluster=true` };
  return { env, nodes, masters, stop };
}

/** One node of a Redis Cluster. */
export class RedisNode implements ClusterNode {
  readonly port: number;
  private readonly server: ServerProcess;
  private readonly password: string;

  constructor(
    readonly name: string,
    options: {
      readonly folder: string;
      readonly port: number;
      readonly busPort: number;
      readonly password: string;
    },
  ) {
    const { folder, port, busPort, password } = options;
    this.port = port;
    this.password = password;
    const cwd = join(folder, name);
    mkdirSync(cwd);
    const settings = {
      include: join(INFRASTRUCTURE, 'cluster.conf'),
      port,
      bind: '127.0.0.1',
      dir: cwd,
      'cluster-port': busPort,
      requirepass: password,
      masterauth: password,
    };
    this.server = new ServerProcess({
      name,
      file: 'redis-server',
      args: [
        join(INFRASTRUCTURE, 'redis.conf'),
        ...Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
      ],
      cwd,
      logFile: join(folder, `${name}.log`),
      isReady: async () => (await this.call('PING')) === 'PONG',
    });
  }

  start(): Promise<void> {
    return this.server.start();
  }

  kill(): Promise<void> {
    return this.server.kill();
  }

  async rejoin(): Promise<void> {
    await this.start();
    await this.isWhole();
  }

  /** `master` or `slave`, in Redis' own words. */
  async role(): Promise<string> {
    return /role:(\w+)/.exec(await this.call('INFO', 'replication'))?.[1] ?? '';
  }

  /**
   * Waits until it sees every node and every slot served, and has what its master has: a replica
   * that has not cannot take its place.
   */
  async isWhole(): Promise<void> {
    const isWhole = async () => {
      const info = await this.call('CLUSTER', 'INFO');
      const nodes = await this.call('CLUSTER', 'NODES');
      const replication = await this.call('INFO', 'replication');
      return (
        info.includes('cluster_state:ok') &&
        info.includes('cluster_slots_ok:16384') &&
        nodes.trim().split('\n').length === 2 * MASTER_COUNT &&
        !/fail|handshake|disconnected/.test(nodes) &&
        !replication.includes('master_link_status:down')
      );
    };
    const what = `${this.name} to see a whole cluster`;
    await eventually(isWhole, { timeoutMs: 60_000, intervalMs: 100, what });
  }

  private async call(command: string, ...args: string[]): Promise<string> {
    const { port, password } = this;
    const options = { port, password, retryStrategy: () => null, maxRetriesPerRequest: 0 };
    const redis = new Redis(options).on('error', () => undefined);
    try {
      return String(await redis.call(command, ...args));
    } finally {
      redis.disconnect();
    }
  }
}
