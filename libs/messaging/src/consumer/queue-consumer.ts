import type { Contract } from '@askflash/contracts';
import type { Channel, ConsumeMessage } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import type { BrokerConnection } from '../connection/broker-connection';
import { LastingChannel, type ChannelLoss } from '../connection/lasting-channel';
import { within } from '../connection/within';
import type { MessagingLogger } from '../messaging-options';
import type { ConfirmedSender } from '../publisher/confirmed-sender';
import type { MessagingMetrics } from '../telemetry/messaging-metrics';
import { Acknowledgements } from './acknowledgements';
import { answerProbe, isProbe } from './answer-probe';
import type { ConsumeOptions, Consumer, ConsumerState } from './consumers';
import { acknowledge, type Decision } from './decision';
import { sendDeadLetter } from './dead-letters';
import { DeliveryHandler } from './delivery-handler';
import { describe } from './describe';

const CANCEL_TIMEOUT_MS = 2_000;
const MAX_RETRY_MS = 60_000;

/** A message out of the queue and not settled yet. */
interface Delivery {
  readonly message: ConsumeMessage;
  readonly channel: Channel;
  readonly acknowledgements: Acknowledgements;
  readonly abort: AbortController;
  /** Runs while `retryLater` holds it back. */
  heldBack?: NodeJS.Timeout;
}

export interface QueueConsumerDependencies {
  readonly connection: BrokerConnection;
  /** Dead letters and answers to probes go out on the connection that publishes: a broker short of
   *  memory stops reading a connection that publishes, acknowledgements included. */
  readonly sender: ConfirmedSender;
  readonly metrics: MessagingMetrics;
  readonly logger: MessagingLogger;
  readonly onStopped: () => void;
}

/** Consumes one queue on a channel of its own; its states are drawn at `ConsumerState`. */
export class QueueConsumer<C extends Contract> implements Consumer {
  state: ConsumerState = 'connecting';
  readonly queue: string;

  private readonly channel: LastingChannel<Channel>;
  private readonly handler: DeliveryHandler<C>;
  private readonly deliveries = new Set<Delivery>();
  private readonly tag: string;
  private acknowledgements: Acknowledgements | undefined;
  private paused = false;
  private cancelled = false;
  private stopping: Promise<void> | undefined;
  private drained = () => {};

  constructor(
    private readonly options: ConsumeOptions<C>,
    private readonly dependencies: QueueConsumerDependencies,
  ) {
    this.queue = options.queue;
    this.tag = options.tag ?? uuidv7();
    this.handler = new DeliveryHandler(options, dependencies);
    this.channel = new LastingChannel(dependencies.connection, {
      open: (model) => model.createChannel(),
      ready: (channel) => this.prepare(channel),
      lost: (channel, loss) => this.lost(channel, loss),
    });
  }

  get inFlight(): number {
    return this.deliveries.size;
  }

  start(): void {
    this.channel.start();
  }

  async pause(): Promise<void> {
    if (this.paused || this.stopping) return;
    this.paused = true;
    this.enter('paused');
    await this.takeNoMore();
  }

  async resume(): Promise<void> {
    if (!this.paused || this.stopping) return;
    this.paused = false;
    this.enter('connecting');
    const channel = this.channel.current;
    if (channel) await this.consumeOn(channel).catch(() => this.channel.reopen());
  }

  stop(graceMs: number): Promise<void> {
    this.stopping ??= this.drain(graceMs);
    return this.stopping;
  }

  private async drain(graceMs: number): Promise<void> {
    this.enter('draining');
    await this.takeNoMore();
    for (const delivery of this.deliveries) {
      if (delivery.heldBack) this.giveBack(delivery);
    }
    if (this.deliveries.size > 0) await this.untilDrained(graceMs);
    for (const delivery of this.deliveries) delivery.abort.abort();
    this.deliveries.clear();
    this.acknowledgements?.tell();
    await this.channel.close();
    this.enter('stopped');
    this.dependencies.onStopped();
  }

  private async takeNoMore(): Promise<void> {
    const channel = this.channel.current;
    if (channel) await within(CANCEL_TIMEOUT_MS, channel.cancel(this.tag));
  }

  private untilDrained(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async prepare(channel: Channel): Promise<void> {
    await channel.prefetch(this.options.prefetch);
    if (!this.paused && !this.stopping) await this.consumeOn(channel);
  }

  private async consumeOn(channel: Channel): Promise<void> {
    const acknowledgements = new Acknowledgements(channel);
    this.acknowledgements = acknowledgements;
    const onMessage = (message: ConsumeMessage | null) => {
      if (message) return this.receive(channel, message, acknowledgements);
      this.cancelled = true; // The queue was deleted.
      this.channel.reopen();
    };
    await channel.consume(this.queue, onMessage, { consumerTag: this.tag });
    if (this.paused || this.stopping) await channel.cancel(this.tag);
    else this.enter('consuming');
    this.cancelled = false;
  }

  private lost(channel: Channel, { reason, code }: ChannelLoss): void {
    for (const delivery of this.deliveries) {
      if (delivery.channel !== channel) continue;
      delivery.abort.abort();
      this.forget(delivery);
    }
    if (this.stopping || this.paused) return;
    const isCancelled = this.cancelled || code === 404;
    if (this.state === 'consuming') {
      this.dependencies.logger.warn(`Queue ${this.queue} is not consumed: ${reason}`);
    }
    this.enter(isCancelled ? 'cancelled' : 'connecting');
  }

  private enter(state: ConsumerState): void {
    if (this.state === 'stopped' || (this.state === 'draining' && state !== 'stopped')) return;
    this.state = state;
  }

  private receive(
    channel: Channel,
    message: ConsumeMessage,
    acknowledgements: Acknowledgements,
  ): void {
    // What arrives while draining stays unacknowledged: closing the channel gives it back.
    if (this.stopping) return;
    const abort = new AbortController();
    const delivery: Delivery = { message, channel, acknowledgements, abort };
    this.deliveries.add(delivery);
    acknowledgements.delivered(message);
    this.decide(delivery)
      .then((decision) => this.settle(delivery, decision))
      .catch((error: unknown) => {
        this.dependencies.logger.warn(`Queue ${this.queue}: ${describe(error)}`);
        this.channel.reopen();
      });
  }

  private async decide({ message, abort }: Delivery): Promise<Decision> {
    if (isProbe(message)) {
      answerProbe(this.dependencies.sender, message);
      return acknowledge();
    }
    return this.handler.decide(message, abort.signal);
  }

  private async settle(delivery: Delivery, decision: Decision): Promise<void> {
    if (decision.kind === 'dead-letter') return this.bury(delivery, decision.reason);
    if (!this.deliveries.has(delivery)) return;
    if (decision.kind === 'acknowledge') this.acknowledge(delivery);
    else this.holdBack(delivery, decision.afterMs);
  }

  private acknowledge(delivery: Delivery): void {
    if (!this.deliveries.has(delivery)) return;
    delivery.acknowledgements.acknowledge(delivery.message);
    this.forget(delivery);
  }

  private holdBack(delivery: Delivery, afterMs: number): void {
    if (this.stopping) return this.giveBack(delivery);
    const boundedMs = Math.min(Math.max(afterMs, 0), MAX_RETRY_MS);
    delivery.heldBack = setTimeout(() => this.giveBack(delivery), boundedMs);
  }

  /** `reject`, not `nack`: RabbitMQ 4.3 and later do not count a `nack` towards the delivery limit. */
  private giveBack(delivery: Delivery): void {
    this.reject(delivery, { requeue: true });
  }

  private async bury(delivery: Delivery, reason: string): Promise<void> {
    const { sender, logger } = this.dependencies;
    if (!this.deliveries.has(delivery)) return;
    logger.warn(`Queue ${this.queue}: dead-lettering a message: ${reason.slice(0, 200)}`);
    try {
      await sendDeadLetter(sender, delivery.message, this.queue, reason);
      this.acknowledge(delivery);
    } catch (error) {
      if (!this.deliveries.has(delivery)) return;
      logger.warn(`Queue ${this.queue}: leaving that to the broker: ${describe(error)}`);
      this.reject(delivery, { requeue: false });
    }
  }

  private reject(delivery: Delivery, { requeue }: { readonly requeue: boolean }): void {
    const { acknowledgements, channel, message } = delivery;
    acknowledgements.leave(message);
    try {
      channel.reject(message, requeue);
    } catch {
      // The channel is being closed: the broker hands the message out again.
    }
    this.forget(delivery);
  }

  private forget(delivery: Delivery): void {
    clearTimeout(delivery.heldBack);
    this.deliveries.delete(delivery);
    if (this.deliveries.size === 0) this.drained();
  }
}
