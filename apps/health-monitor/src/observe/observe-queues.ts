import { TOPOLOGY, type LiveConsumer, type LiveQueue, type QueueCounts } from '@askflash/messaging';
import { WORK_QUEUES, type BrokerView } from '../broker-view';
import type { CanaryRounds } from '../canary/canary-rounds';
import type { QueueSight, ToldOfQueue } from './observation';
import { withinTime } from './within-time';

const QUEUE_NAMES = TOPOLOGY.queues.map(({ name }) => name);

/** Where queues are looked at. */
export interface QueueSources {
  readonly queueCounts: QueueCounts;
  readonly broker: Pick<BrokerView, 'queues' | 'consumers'>;
  readonly rounds: Pick<CanaryRounds, 'sight'>;
  readonly timeoutMs: number;
}

/** Looks at every queue of the backbone; undefined where the broker cannot be asked. */
export async function observeQueues({
  queueCounts,
  broker,
  rounds,
  timeoutMs,
}: QueueSources): Promise<QueueSight[] | undefined> {
  const [counts, queues, consumers] = await Promise.all([
    withinTime('queues', timeoutMs, () => queueCounts.read(QUEUE_NAMES)),
    withinTime('figures of queues', timeoutMs, () => broker.queues()),
    withinTime('consumers', timeoutMs, () => broker.consumers()),
  ]);
  if (!counts) return undefined;
  return [...counts.values()].map(({ name, ready, consumers: consumerCount }) => ({
    name,
    ready,
    consumers: consumerCount,
    told: queues && consumers && toldOf(name, queues, consumers),
    canary: WORK_QUEUES.includes(name) ? rounds.sight(name) : undefined,
  }));
}

function toldOf(
  name: string,
  queues: readonly LiveQueue[],
  consumers: readonly LiveConsumer[],
): ToldOfQueue | undefined {
  const queue = queues.find((one) => one.name === name);
  if (!queue) return undefined;
  const { message_stats: stats, messages_unacknowledged: unacknowledged } = queue;
  const own = consumers.filter((consumer) => consumer.queue.name === name);
  return {
    unacknowledged,
    published: stats?.publish ?? 0,
    acknowledged: stats?.ack ?? 0,
    publishedPerSecond: stats?.publish_details?.rate ?? 0,
    acknowledgedPerSecond: stats?.ack_details?.rate ?? 0,
    consumerTags: new Set(own.map(({ consumer_tag }) => consumer_tag)),
  };
}
