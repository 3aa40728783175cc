import {
  bindingName,
  diffTopology,
  readLiveTopology,
  type LiveTopology,
  type Topology,
  type TopologyDifference,
} from '@askflash/messaging';
import type { Channel } from 'amqplib';
import type { Broker } from './broker';
import { forgetIn, readLedger, writeLedger, type Ledger } from './ledger';

type Thing = TopologyDifference['thing'];

/** What is, or would be, done about something extra. */
export interface Pruning {
  readonly thing: Thing;
  readonly name: string;
  readonly outcome: 'removed' | 'to be removed' | `kept: ${string}`;
}

/** Queues first: their routes go with them, or stay with them. */
const ORDER: readonly Thing[] = ['queue', 'binding', 'exchange', 'policy'];

/**
 * Removes what is extra and was once made by the backbone; the ledger says what was. A queue that
 * holds messages or has consumers stays, and so do the routes into it.
 *
 * @param confirmed false only tells what would be removed
 */
export async function prune(
  broker: Broker,
  topology: Topology,
  confirmed: boolean,
): Promise<Pruning[]> {
  const { management, vhost } = broker;
  const ledger = await readLedger(management, vhost);
  const live = await readLiveTopology(management, vhost);
  const extras = diffTopology(live, topology).filter(({ kind }) => kind === 'extra');
  const pruner = new Pruner(broker, live, ledger, confirmed);
  const prunings: Pruning[] = [];
  for (const thing of ORDER) {
    for (const { name } of extras.filter((extra) => extra.thing === thing)) {
      prunings.push({ thing, name, outcome: await pruner.prune(thing, name) });
    }
  }
  const removed = prunings.filter(({ outcome }) => outcome === 'removed');
  if (removed.length > 0) await writeLedger(management, vhost, forgetIn(ledger, removed));
  return prunings;
}

class Pruner {
  private readonly keptQueues = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly live: LiveTopology,
    private readonly ledger: Ledger,
    private readonly confirmed: boolean,
  ) {}

  async prune(thing: Thing, name: string): Promise<Pruning['outcome']> {
    const problem = await this.reasonToKeep(thing, name);
    if (problem) {
      if (thing === 'queue') this.keptQueues.add(name);
      return `kept: ${problem}`;
    }
    if (!this.confirmed) return 'to be removed';
    if (thing === 'queue') return this.removeQueue(name);
    await this.remove(thing, name);
    return 'removed';
  }

  private async reasonToKeep(thing: Thing, name: string): Promise<string | undefined> {
    const made = {
      exchange: this.ledger.exchanges,
      queue: this.ledger.queues,
      binding: this.ledger.bindings,
      policy: this.ledger.policies,
    };
    if (!made[thing].includes(name)) return 'the backbone did not make it';
    if (thing === 'queue') return this.reasonToKeepQueue(name);
    if (thing === 'binding') {
      const queue = this.binding(name)?.destination ?? '';
      return this.keptQueues.has(queue) ? 'its queue is kept' : undefined;
    }
    const isInUse =
      thing === 'exchange' && this.live.bindings.some(({ source }) => source === name);
    return isInUse ? 'queues are bound to it' : undefined;
  }

  private async reasonToKeepQueue(name: string): Promise<string | undefined> {
    const { messageCount, consumerCount } = await this.onChannel((channel) =>
      channel.checkQueue(name),
    );
    // Those that are handed out and not acknowledged are known to the management API alone.
    const counted = this.live.queues.find((queue) => queue.name === name)?.messages ?? 0;
    const messages = Math.max(messageCount, counted);
    if (messages > 0) return `it holds ${messages} messages`;
    return consumerCount > 0 ? 'it is being consumed' : undefined;
  }

  /**
   * RabbitMQ cannot delete a quorum queue on the condition that it is empty. So its routes are taken
   * away first, and then it is looked into once more.
   */
  private async removeQueue(name: string): Promise<Pruning['outcome']> {
    const routes = this.live.bindings.filter(({ destination }) => destination === name);
    await this.onChannel(async (channel) => {
      for (const { source, routing_key } of routes) {
        await channel.unbindQueue(name, source, routing_key);
      }
    });
    const problem = await this.reasonToKeepQueue(name);
    if (problem) return `kept: ${problem}`;
    await this.onChannel((channel) => channel.deleteQueue(name));
    return 'removed';
  }

  private async remove(thing: Exclude<Thing, 'queue'>, name: string): Promise<void> {
    if (thing === 'policy') {
      await this.broker.management.deletePolicy(this.broker.vhost, name);
    } else if (thing === 'exchange') {
      await this.onChannel((channel) => channel.deleteExchange(name, { ifUnused: true }));
    } else {
      const binding = this.binding(name);
      if (!binding) return;
      const { destination, source, routing_key } = binding;
      // Its queue may be gone by now, and the route with it; unbinding is no error then.
      await this.onChannel((channel) => channel.unbindQueue(destination, source, routing_key));
    }
  }

  private binding(name: string): LiveTopology['bindings'][number] | undefined {
    return this.live.bindings.find(
      ({ source, destination, routing_key }) =>
        bindingName({ exchange: source, queue: destination, routingKey: routing_key }) === name,
    );
  }

  private async onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.broker.connection.createChannel();
    channel.on('error', () => {}); // The call that failed rejects.
    const result = await work(channel);
    await channel.close();
    return result;
  }
}
