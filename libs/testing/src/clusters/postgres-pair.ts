import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { urlOfNodes, type Cluster, type ClusterNode } from './cluster';
import { DATABASE, PostgresNode, serverUser } from './postgres-node';
import { serverPort } from './server-port';

/** A PostgreSQL primary and its standby, of one suite's own. */
export interface PostgresPair extends Cluster {
  readonly env: { readonly DATABASE_URL: string };
  readonly nodes: readonly PairedNode[];
  /** The URL of the server that is the primary now. */
  primaryUrl(): string;
}

/** One of the two; what has to be done with the other when it is lost is done. */
export interface PairedNode extends ClusterNode {
  readonly isPrimary: boolean;
}

/**
 * Starts a primary and a standby that every commit waits for. It also does what is left to whoever
 * watches over PostgreSQL:
 *
 * ```
 *               primary lost: the standby is promoted
 *  primary and ───────────────────────────────────────► primary alone, which
 *  standby     ───────────────────────────────────────► waits for nobody
 *     ▲         standby lost: commits wait for it no more       │
 *     └──────────── the lost one comes back as standby ─────────┘
 * ```
 */
export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-postgres-'));
  const user = serverUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const password = randomBytes(12).toString('hex');
  const nodes = [
    new PostgresNode('postgres-1', { folder, port: await serverPort(), password }),
    new PostgresNode('postgres-2', { folder, port: await serverPort(), password }),
  ] as const;
  const pair = new Pair(...nodes);
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await nodes[0].startAnew();
    await pair.follow();
  } catch (error) {
    await stop();
    throw error;
  }
  const urlOf = (ports: readonly number[]): string =>
    urlOfNodes('postgres', `askflash:${password}`, ports, `/${DATABASE}`);
  return {
    env: { DATABASE_URL: urlOf(nodes.map(({ port }) => port)) },
    nodes: nodes.map((node) => ({
      name: node.name,
      get isPrimary() {
        return pair.primary === node;
      },
      kill: () => pair.lose(node),
      rejoin: () => pair.follow(),
    })),
    primaryUrl: () => urlOf([pair.primary.port]),
    stop,
  };
}

class Pair {
  constructor(
    public primary: PostgresNode,
    private standby: PostgresNode,
  ) {}

  async lose(node: PostgresNode): Promise<void> {
    await node.kill();
    if (node === this.primary) {
      await this.standby.promote();
      [this.primary, this.standby] = [this.standby, this.primary];
    } else {
      await this.waitFor([]);
    }
  }

  /** Makes whatever is not the primary its standby, which commits wait for from then on. */
  async follow(): Promise<void> {
    const { primary, standby } = this;
    await standby.startAsStandbyOf(primary);
    await this.waitFor([standby.name]);
    const isInStep = async () =>
      (await primary.query(`SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)).length >
      0;
    await eventually(isInStep, { timeoutMs: 60_000, what: `${standby.name} to be in step` });
  }

  private async waitFor(names: readonly string[]): Promise<void> {
    const list = names.map((name) => `"${name}"`).join(', ');
    await this.primary.query(`ALTER SYSTEM SET synchronous_standby_names = '${list}'`);
    await this.primary.query('SELECT pg_reload_conf()');
  }
}
