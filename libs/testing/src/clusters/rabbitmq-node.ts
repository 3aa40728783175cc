import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterNode } from './cluster';
import { WORKSPACE_ROOT } from '../workspace-root';
import { ServerProcess } from './server-process';

const run = promisify(execFile);

const BINARIES = '/usr/lib/rabbitmq/bin';
const INFRASTRUCTURE = join(WORKSPACE_ROOT, 'infrastructure/rabbitmq');

/** What the nodes of one cluster have in common. */
export interface RabbitmqNodes {
  readonly folder: string;
  readonly names: readonly string[];
  readonly epmdPort: number;
  readonly user: string;
  readonly password: string;
}

/** The ports of one node. */
export interface RabbitmqPorts {
  readonly amqp: number;
  readonly management: number;
  readonly distribution: number;
}

/** One node of a RabbitMQ cluster. */
export class RabbitmqNode implements ClusterNode {
  private readonly server: ServerProcess;
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    readonly name: string,
    readonly ports: RabbitmqPorts,
    private readonly nodes: RabbitmqNodes,
  ) {
    const folder = join(nodes.folder, name);
    mkdirSync(join(folder, 'conf.d'), { recursive: true });
    writeFileSync(join(folder, 'conf.d/node.conf'), configuration(ports, nodes));
    this.env = environment(name, ports, nodes);
    this.server = new ServerProcess({
      name,
      file: join(BINARIES, 'rabbitmq-server'),
      args: [],
      env: this.env,
      cwd: nodes.folder,
      logFile: join(nodes.folder, `${name}.log`),
      isReady: () => this.isReady(),
    });
  }

  get isRunning(): boolean {
    return this.server.isRunning;
  }

  kill(): Promise<void> {
    return this.server.kill();
  }

  rejoin(): Promise<void> {
    return this.server.start();
  }

  /** Runs rabbitmqctl, or a command beside it such as rabbitmq-queues. */
  async ctl(args: readonly string[], command = 'rabbitmqctl'): Promise<string> {
    const { env } = this;
    const { stdout } = await run(join(BINARIES, command), args, { env, cwd: this.nodes.folder });
    return stdout;
  }

  private async isReady(): Promise<boolean> {
    const { user, password } = this.nodes;
    const login = Buffer.from(`${user}:${password}`).toString('base64');
    const answers = await Promise.all(
      [`port-listener/${this.ports.amqp}`, 'virtual-hosts'].map((check) =>
        fetch(`http://127.0.0.1:${this.ports.management}/api/health/checks/${check}`, {
          headers: { authorization: `Basic ${login}` },
        }),
      ),
    );
    return answers.every(({ ok }) => ok);
  }
}

function configuration(ports: RabbitmqPorts, { names, user, password }: RabbitmqNodes): string {
  return [
    readFileSync(join(INFRASTRUCTURE, 'cluster.conf'), 'utf8'),
    'cluster_formation.peer_discovery_backend = classic_config',
    ...names.map((name, i) => `cluster_formation.classic_config.nodes.${i + 1} = ${name}`),
    `default_user = ${user}`,
    `default_pass = ${password}`,
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    '',
  ].join('\n');
}

function environment(name: string, ports: RabbitmqPorts, nodes: RabbitmqNodes): NodeJS.ProcessEnv {
  const folder = join(nodes.folder, name);
  return {
    ...erlangEnvironment(nodes.folder, nodes.epmdPort),
    RABBITMQ_NODENAME: name,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    // Schedulers that wait do not spin: the cores are shared with everything else.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    RABBITMQ_CTL_DIST_PORT_MIN: '0',
    RABBITMQ_CTL_DIST_PORT_MAX: '0',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(INFRASTRUCTURE, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
    RABBITMQ_ENABLED_PLUGINS: 'rabbitmq_management',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    // The start script becomes the server instead of staying as its parent.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

/** The Erlang cookie is in HOME: other clusters have others. */
export function erlangEnvironment(home: string, epmdPort: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: home,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
  };
}
