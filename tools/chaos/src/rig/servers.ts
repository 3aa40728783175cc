import { installBackbone, startPrivateServers, type PrivateServers } from '@askflash/testing';
import type { ServerName } from '../plan/layout';
import { ChaosRigBrokenError } from '../errors';

/** How often a server that was killed is started before it is given up. */
const STARTS = 5;

/** The servers of a run, and the harm that can be done to them. */
export class Servers {
  private constructor(private readonly servers: PrivateServers) {}

  /** Starts all three, migrated and with every queue. */
  static async start(): Promise<Servers> {
    const servers = new Servers(await startPrivateServers());
    await servers.declareQueues();
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

  /** Runs rabbitmqctl. */
  async ctl(args: string[]): Promise<void> {
    await this.servers.rabbitmq.ctl(args);
  }

  /** `migration-runner up` and `queue-init apply`: whatever is there stays as it is. */
  declareQueues(): Promise<void> {
    return installBackbone(this.env);
  }

  async deleteQueue(name: string): Promise<void> {
    const response = await this.callManagement(`queues/%2F/${name}`, 'DELETE');
    if (!response.ok && response.status !== 404) {
      throw new ChaosRigBrokenError(`${name} cannot be deleted: ${response.status}`);
    }
  }

  /** Connections to each server, as it counts them, of everybody but this process. */
  async managementConnections(): Promise<unknown> {
    return (await this.callManagement('connections?columns=name,client_properties')).json();
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
