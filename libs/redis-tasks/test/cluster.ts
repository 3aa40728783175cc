import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@askflash/testing';
import { Redis } from 'ioredis';

/** A Redis Cluster of three masters, of the redis-server that is on the machine. */
export interface TestCluster {
  /** Names one node only; clients find the others. */
  readonly url: string;
  readonly nodes: readonly Redis[];
  stop(): Promise<void>;
}

const PASSWORD = 'cluster-test';
const SLOTS = 16_384;

export async function startCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-cluster-'));
  const ports = await freePorts(3);
  const processes = ports.map((port) => startNode(port, folder));
  const killAll = () => processes.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', killAll);
  const nodes = ports.map((port) => new Redis({ port, password: PASSWORD }).on('error', ignore));
  try {
    await joinNodes(nodes, ports);
  } catch (error) {
    killAll();
    nodes.forEach((node) => node.disconnect());
    throw error;
  }
  return {
    url: `redis://:${PASSWORD}@127.0.0.1:${ports[0]}?cluster=true`,
    nodes,
    async stop() {
      nodes.forEach((node) => node.disconnect());
      const ends = processes.map((child) => child.exitCode ?? once(child, 'exit'));
      killAll();
      await Promise.all(ends);
      process.off('exit', killAll);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function joinNodes(nodes: readonly Redis[], ports: readonly number[]): Promise<void> {
  for (const [i, node] of nodes.entries()) {
    const from = Math.floor((SLOTS * i) / nodes.length);
    const to = Math.floor((SLOTS * (i + 1)) / nodes.length) - 1;
    await node.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    // Without an epoch of its own each, the nodes take seconds to agree.
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
  }
  for (const port of ports.slice(1)) {
    await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, port + 1);
  }
  for (const node of nodes) {
    await eventually(async () => {
      const info = String(await node.call('CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
    });
  }
}

function startNode(port: number, folder: string): ChildProcess {
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    'cluster-port': port + 1,
    requirepass: PASSWORD,
    masterauth: PASSWORD,
    save: '',
    appendonly: 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return spawn('redis-server', args, { stdio: 'ignore' });
}

/** Ports whose next one is free too, for the cluster bus. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort(0);
    const isTaken = ports.some((other) => Math.abs(other - port) < 2) || port === 65_535;
    if (!isTaken && (await freePort(port + 1).catch(() => 0))) ports.push(port);
  }
  return ports;
}

async function freePort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No TCP port');
  return address.port;
}

function ignore(): void {
  // The node is still starting.
}
