import {
  eventually,
  installBackbone,
  startPrivateServers,
  type PrivateServers,
} from '@askflash/testing';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerName } from '../plan/layout';
import { ChaosRigBrokenError } from '../errors';
import { WORKSPACE_ROOT } from '../workspace-root';

const run = promisify(execFile);

/** How long a server that is down as well may take to do what it is told. */
const PERSISTENCE = { timeoutMs: 90_000, intervalMs: 500 };

/** How often a server that was killed is started before it is given up. */
const STARTS = 5;

/** The servers of a run, and the harm that can be done to them. */
export class Servers {
  private constructor(private readonly servers: PrivateServers) {}

  /** Starts all three, migrated and with every queue. */
  static async start(): Promise<Servers> {
    const servers = new Servers(await startPrivateServers());
    await installBackbone(servers.env);
    return servers;
  }

  get env(): PrivateServers['env'] {
    return this.servers.env;
  }

  async kill(name: ServerName): Promise<void> {
    process.kill(await this.servers[name].pid(), 'SIGKILL');
  }

  /** Starts a killed server; PostgreSQL may refuse while processes of the killed one still end. */
  async revive(name: ServerName): Promise<void> {
    const server = this.servers[name];
    for (let start = 1; ; start += 1) {
      try {
        return await (start === 1 ? server.restart() : server.start());
      } catch (cause) {
        if (start === STARTS) {
          throw new ChaosRigBrokenError(`${name} does not come back`, { cause });
        }
      }
    }
  }

  /** Runs rabbitmqctl, again while the broker is down. */
  ctl(args: string[]): Promise<void> {
    return this.persist(`rabbitmqctl ${args[0]}`, () => this.servers.rabbitmq.ctl(args));
  }

  /** Has queue-init declare what is missing, again while the broker is down. */
  declareQueues(): Promise<void> {
    return this.persist('queue-init apply', () =>
      run(process.execPath, [join(WORKSPACE_ROOT, 'dist/apps/queue-init/main.js'), 'apply'], {
        env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ASKFLASH_STACK_FILE: '', ...this.env },
      }),
    );
  }

  /** Deletes a queue with all that is in it, and all who consume it are told. */
  deleteQueue(name: string): Promise<void> {
    return this.persist(`${name} to be deleted`, async () => {
      const { ok, status } = await this.callManagement(`queues/%2F/${name}`, 'DELETE');
      if (!ok && status !== 404) throw new ChaosRigBrokenError(`The broker answers ${status}`);
    });
  }

  /** Every connection to the broker, as its management API tells. */
  async amqpConnections(): Promise<unknown> {
    return (await this.callManagement('connections?columns=name,client_properties')).json();
  }

  /** Does something again until it succeeds, as a server may be down as well. */
  async persist(what: string, work: () => Promise<unknown>): Promise<void> {
    await eventually(() => work().then(() => true), { ...PERSISTENCE, what });
  }

  stop(): Promise<void> {
    return this.servers.stop();
  }

  private callManagement(path: string, method = 'GET'): Promise<Response> {
    const { origin, username, password } = new URL(this.env.RABBITMQ_MANAGEMENT_URL);
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return fetch(`${origin}/api/${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
      signal: AbortSignal.timeout(30_000),
    });
  }
}
