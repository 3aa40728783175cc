import { AGENTS } from '@askflash/contracts';
import { eventually, freePort } from '@askflash/testing';
import { join } from 'node:path';
import type { PrivateServers } from '@askflash/testing';
import { ChaosRigBrokenError } from '../errors';
import { VARIABLES, linkName, type Layout, type Place } from '../plan/layout';
import { withRabbitmq } from './clients';
import { Link } from './link';
import { programOf } from './program';
import { RigProcess } from './rig-process';
import type { Servers } from './servers';

const READY = { timeoutMs: 120_000, intervalMs: 100 };

/** Where the apps of a run write to. */
export interface Folders {
  readonly ledgers: string;
  readonly logs: string;
}

/** Servers, proxies and apps: all that a fault can reach. */
export class Rig {
  private readonly links = new Map<string, Link>();
  private readonly processes = new Map<string, RigProcess>();
  private readonly ports = new Map<string, number>();

  private constructor(
    readonly layout: Layout,
    readonly servers: Servers,
    readonly folders: Folders,
  ) {}

  /** Opens every link and starts every app; resolves when all of them work. */
  static async start(
    layout: Layout,
    servers: Servers,
    options: Folders & { readonly previous: string | undefined },
  ): Promise<Rig> {
    const rig = new Rig(layout, servers, options);
    try {
      for (const place of layout.places) await rig.fill(place, options.previous);
      await rig.becomeReady();
      await eventually(() => rig.isFullyConsumed(), { ...READY, what: 'every agent to consume' });
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  /** Where the servers themselves are, past all links. */
  get env(): PrivateServers['env'] {
    return this.servers.env;
  }

  link(name: string): Link {
    return found(this.links.get(name), name);
  }

  process(name: string): RigProcess {
    return found(this.processes.get(name), name);
  }

  get allProcesses(): readonly RigProcess[] {
    return [...this.processes.values()];
  }

  /** Where clients reach each coordinator, through their links. */
  get coordinatorUrls(): string[] {
    return [...this.ports.keys()].map(
      (name) => `http://127.0.0.1:${this.link(linkName('client', name)).port}`,
    );
  }

  /** Waits until every coordinator says that it is ready. */
  async becomeReady(): Promise<void> {
    await Promise.all(
      this.coordinatorUrls.map((url) =>
        eventually(async () => (await get(`${url}/health/ready`)).ok, {
          ...READY,
          what: 'every coordinator to be ready',
        }),
      ),
    );
  }

  /** Whether every place of every agent takes work. */
  private isFullyConsumed(): Promise<boolean> {
    return withRabbitmq(this.env.RABBITMQ_URL, async (connection) => {
      const channel = await connection.createChannel();
      for (const { name, queue } of AGENTS) {
        const { consumerCount } = await channel.checkQueue(queue);
        if (consumerCount < this.layout.places.filter(({ agent }) => agent === name).length) {
          return false;
        }
      }
      return true;
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.allProcesses.map((process) => process.stop('SIGKILL')));
    for (const link of this.links.values()) link.close();
  }

  private async fill(place: Place, previous: string | undefined): Promise<void> {
    const env: Record<string, string> = {};
    for (const endpoint of place.endpoints) {
      const url = new URL(this.env[VARIABLES[endpoint]]);
      url.port = String(await this.open(linkName(place.name, endpoint), Number(url.port)));
      env[VARIABLES[endpoint]] = url.href;
    }
    if (place.agent === undefined) {
      const port = await freePort();
      await this.open(linkName('client', place.name), port);
      this.ports.set(place.name, port);
      env['COORDINATOR_PORT'] = String(port);
    }
    const program = programOf(place, {
      env,
      previous,
      ledgerFile: join(this.folders.ledgers, `${place.name}.jsonl`),
      logFile: join(this.folders.logs, `${place.name}.log`),
    });
    const process = new RigProcess(place.name, program);
    this.processes.set(place.name, process);
    process.start();
  }

  private async open(name: string, port: number): Promise<number> {
    const link = await Link.open({ host: '127.0.0.1', port });
    this.links.set(name, link);
    return link.port;
  }
}

function get(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(5_000) });
}

function found<T>(one: T | undefined, name: string): T {
  if (one) return one;
  throw new ChaosRigBrokenError(`There is no ${name}`);
}
