import { CONSUMER_HEADER, PROBE_HEADER } from '@askflash/contracts';
import type { Channel, ConsumeMessage } from 'amqplib';
import { textHeader } from '../cloud-events';
import type { BrokerConnection } from '../connection/broker-connection';
import { LastingChannel } from '../connection/lasting-channel';
import { listenForAnswers } from '../probe-answers';
import { Canaries, type CanaryListener } from './canaries';

/** RabbitMQ 4 and later hand it out before other messages; earlier ones do not heed it. */
const HIGH_PRIORITY = 9;

/** Canaries on one channel for all of them, and their answers on its queue. */
export class RabbitCanaries extends Canaries {
  private readonly channel: LastingChannel<Channel>;
  private readonly listeners: CanaryListener[] = [];
  private isStarted = false;
  private replyTo = '';

  constructor(private readonly connection: BrokerConnection) {
    super();
    this.channel = new LastingChannel(connection, {
      open: (model) => model.createChannel(),
      ready: async (channel) => {
        this.replyTo = await listenForAnswers(channel, (answer) => this.receive(answer));
      },
      lost: () => this.listeners.forEach((listener) => listener.forgotten()),
    });
  }

  listen(listener: CanaryListener): void {
    this.listeners.push(listener);
    if (!this.isStarted) this.channel.start();
    this.isStarted = true;
  }

  send(queue: string, ids: readonly string[]): boolean {
    const channel = this.channel.current;
    if (!channel || this.connection.blocked) return false;
    for (const correlationId of ids) {
      channel.publish('', queue, Buffer.alloc(0), {
        headers: { [PROBE_HEADER]: true },
        priority: HIGH_PRIORITY,
        replyTo: this.replyTo,
        correlationId,
      });
    }
    return true;
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  private receive(answer: ConsumeMessage | null): void {
    if (!answer) return this.channel.reopen();
    const { correlationId, headers } = answer.properties;
    if (typeof correlationId !== 'string') return;
    const consumer = textHeader(headers, CONSUMER_HEADER);
    for (const listener of this.listeners) listener.answered({ id: correlationId, consumer });
  }
}
