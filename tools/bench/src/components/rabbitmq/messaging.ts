import { TASK_FINISHED, STAGE_REQUESTED } from '@askflash/contracts';
import { acknowledge, connectMessaging } from '@askflash/messaging';
import type { Benchmark } from '../../benchmark';
import { BROKER_FIGURES, measureBroker, type BrokerClient } from './measure-broker';
import { QUEUES, createBroker } from './queues';

const PREFETCH = 100;
const SILENT = { log: () => undefined, warn: () => undefined };

const TARGETS: Partial<Record<string, { atLeast: number } | { atMost: number }>> = {
  'slowest queue': { atLeast: 1000 },
  'publish→handler p99': { atMost: 5 },
};

/** The library that carries the work, its publisher and its consumers in one process. */
export const messaging: Benchmark = {
  name: 'messaging',
  title: 'messaging in one process, six queues at once, 50 under way to each; latency at 500/s',
  durability: 'quorum queues, persistent, mandatory, confirmed; acknowledged after the handler',
  figures: BROKER_FIGURES.map((figure) => {
    const target = TARGETS[figure.name];
    return target ? { ...figure, target } : figure;
  }),
  setUp: async (bench) => {
    const { env } = await bench.servers();
    const vhost = await createBroker(env.RABBITMQ_MANAGEMENT_URL);
    const connected = await connectMessaging({ url: vhost.url, appName: 'bench', logger: SILENT });
    const client: BrokerClient = {
      publish: async (queue) => {
        const { contract, payload } = queue.message();
        await connected.publisher.publish(contract, payload);
        return payload.taskId;
      },
      onHandled: () => undefined,
    };
    for (const { name } of QUEUES) {
      await connected.consumers.consume({
        queue: name,
        prefetch: PREFETCH,
        contracts: [STAGE_REQUESTED, TASK_FINISHED],
        handle: async ({ payload }) => {
          client.onHandled(payload.taskId);
          return acknowledge();
        },
      });
    }
    return {
      warmUp: async () => void (await measureBroker(client, 'warmUp')),
      measure: () => measureBroker(client, bench.isQuick ? 'quick' : 'full'),
      close: async () => {
        await connected.close();
        await vhost.delete();
      },
    };
  },
};
