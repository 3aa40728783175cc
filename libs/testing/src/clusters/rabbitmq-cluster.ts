import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { urlOfNodes, type Cluster } from './cluster';
import { RabbitmqNode, erlangEnvironment } from './rabbitmq-node';
import { serverPort } from './server-port';
import { ServerProcess } from './server-process';

const NAMES = ['rabbit-1@localhost', 'rabbit-2@localhost', 'rabbit-3@localhost'];

/** A RabbitMQ cluster of one suite's own. */
export interface RabbitmqCluster extends Cluster {
  readonly env: { readonly RABBITMQ_URL: string; readonly RABBITMQ_MANAGEMENT_URL: string };
  readonly nodes: readonly RabbitmqNode[];
}

/**
 * Starts a RabbitMQ cluster of three nodes on this machine, with ports, a name server and an Erlang
 * cookie of its own.
 */
export async function startRabbitmqCluster(): Promise<RabbitmqCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-rabbitmq-'));
  const password = randomBytes(12).toString('hex');
  writeFileSync(join(folder, '.erlang.cookie'), randomBytes(12).toString('hex'), { mode: 0o400 });
  const epmdPort = await serverPort();
  const epmd = nameServer(folder, epmdPort);
  const shared = { folder, names: NAMES, epmdPort, user: 'askflash', password };
  const nodes: RabbitmqNode[] = [];
  for (const name of NAMES) {
    const [amqp, management] = [await serverPort(), await serverPort()];
    const ports = { amqp, management, distribution: await serverPort() };
    nodes.push(new RabbitmqNode(name, ports, shared));
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...nodes, epmd].map((server) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  const login = `askflash:${password}`;
  const urlOf = (scheme: string, port: keyof RabbitmqNode['ports']): string =>
    urlOfNodes(
      scheme,
      login,
      nodes.map(({ ports }) => ports[port]),
    );
  try {
    await epmd.start();
    // One after the other: each finds somebody to join.
    for (const node of nodes) await node.rejoin();
    return {
      env: {
        RABBITMQ_URL: urlOf('amqp', 'amqp'),
        RABBITMQ_MANAGEMENT_URL: urlOf('http', 'management'),
      },
      nodes,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One for all nodes; of its own, because the machine's may serve others. */
function nameServer(folder: string, port: number): ServerProcess {
  return new ServerProcess({
    name: 'epmd',
    file: 'epmd',
    args: ['-address', '127.0.0.1', '-port', String(port)],
    env: erlangEnvironment(folder, port),
    cwd: folder,
    logFile: join(folder, 'epmd.log'),
    isReady: async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
      return true;
    },
  });
}
