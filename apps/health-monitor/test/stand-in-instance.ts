import { newId } from '@askflash/config';
import { AGENT_HEARTBEAT, type AgentHeartbeat } from '@askflash/contracts';
import { connectMessaging, openConnection, type Messaging } from '@askflash/messaging';
import type { Channel, ChannelModel } from 'amqplib';

const SILENT = { log: () => undefined, warn: () => undefined };
const BEAT_INTERVAL_MS = 1_500;

/**
 * An agent’s instance whose heart beats whatever its consumer does, as that of an agent in another
 * language does whose heart has a thread of its own.
 */
export class StandInInstance {
  readonly instanceId = newId();
  private readonly timer: NodeJS.Timeout;
  private channel: Channel | undefined;

  private constructor(
    private readonly messaging: Messaging,
    private readonly model: ChannelModel,
    private readonly about: Partial<AgentHeartbeat>,
  ) {
    this.timer = setInterval(() => void this.beat(), BEAT_INTERVAL_MS);
  }

  static async start(url: string, about: Partial<AgentHeartbeat> = {}): Promise<StandInInstance> {
    const messaging = await connectMessaging({ url, appName: 'stand-in', logger: SILENT });
    const model = await openConnection(url, { name: 'stand-in', timeoutMs: 5_000 });
    return new StandInInstance(messaging, model, about);
  }

  get subject(): string {
    return `${this.about.agent ?? 'executor'}/${this.instanceId}`;
  }

  /** Consumes its queue, and does nothing with what it gets. */
  async freeze(prefetch = 10): Promise<void> {
    this.channel = await this.model.createChannel();
    await this.channel.prefetch(prefetch);
    const take = () => undefined;
    await this.channel.consume(this.about.queue ?? 'executor.task', take, {
      consumerTag: this.instanceId,
    });
  }

  /** Gives back what it holds, and consumes no more. */
  async cancel(): Promise<void> {
    await this.channel?.close();
    this.channel = undefined;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.model.close();
    await this.messaging.close({ graceMs: 0 });
  }

  /** One that cannot be sent is dropped. */
  private async beat(): Promise<void> {
    const sent = this.messaging.publisher.publish(AGENT_HEARTBEAT, {
      agent: 'executor',
      instanceId: this.instanceId,
      version: 'stand-in',
      status: 'healthy',
      queue: 'executor.task',
      stages: ['executor_reasoning'],
      startedAt: '2026-01-01T00:00:00.000Z',
      intervalMs: BEAT_INTERVAL_MS,
      inFlight: 0,
      processed: 0,
      failed: 0,
      cpuPercent: 1,
      memoryBytes: 1,
      ...this.about,
    });
    await sent.catch(() => undefined);
  }
}
