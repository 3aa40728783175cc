import { STAGE_REQUESTED } from '@askflash/contracts';
import { retryLater, type Consumer, type Decision, type Messaging } from '@askflash/messaging';
import { until } from '@askflash/scenario-kit';
import type { ChannelModel } from 'amqplib';
import { QueueUnansweredError } from '../errors';

const ANSWER_TIMEOUT_MS = 5_000;
const SPARE_PREFETCH = 100;
const MAX_PREFETCH = 65_535;

/**
 * Messages through queues that other people use: probes, which every consumer of ours answers
 * without handling them. A queue that nobody consumes gets a stand-in for the time. What the
 * stand-in is handed besides probes it holds, and it goes back to the queue in the end; for that
 * the broker counts one more delivery.
 */
export class Probes {
  private readonly standIns = new Map<string, Consumer>();

  constructor(
    private readonly broker: ChannelModel,
    private readonly messaging: Messaging,
  ) {}

  /** The queues that had no consumer. */
  get queuesWithStandIn(): string[] {
    return [...this.standIns.keys()];
  }

  /** @throws {QueueUnansweredError} the queue is missing, or its consumer does not answer in time */
  async send(queue: string, stage: string): Promise<void> {
    try {
      await this.ensureConsumer(queue);
      await this.probe(queue);
    } catch (error) {
      // Who consumed it may have gone in between, as the stand-in of another verify does.
      const isDeserted = await this.ensureConsumer(queue).catch(() => false);
      if (!isDeserted) throw new QueueUnansweredError(queue, stage, error);
      await this.probe(queue);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.standIns.values()].map((standIn) => standIn.stop(0)));
  }

  private probe(queue: string): Promise<number> {
    return this.messaging.prober.probe(queue, { timeoutMs: ANSWER_TIMEOUT_MS });
  }

  /** Whether a stand-in was needed and there was none yet. */
  private async ensureConsumer(queue: string): Promise<boolean> {
    if (this.standIns.has(queue)) return false;
    const { consumerCount, messageCount } = await this.look(queue);
    if (consumerCount > 0) return false;
    const standIn = await this.messaging.consumers.consume({
      queue,
      prefetch: Math.min(messageCount + SPARE_PREFETCH, MAX_PREFETCH),
      contracts: [STAGE_REQUESTED],
      handle: ({ signal }) => untilAborted(signal),
    });
    this.standIns.set(queue, standIn);
    return until(() => standIn.state === 'consuming', ANSWER_TIMEOUT_MS);
  }

  private async look(queue: string) {
    const channel = await this.broker.createChannel();
    channel.on('error', () => undefined);
    const found = await channel.checkQueue(queue);
    await channel.close();
    return found;
  }
}

function untilAborted(signal: AbortSignal): Promise<Decision> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(retryLater(0)), { once: true });
  });
}
