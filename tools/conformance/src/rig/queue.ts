import { PROBE_HEADER } from '@askflash/contracts';
import type { ChannelModel, ConfirmChannel } from 'amqplib';

/** A message as it is put into the queue, whatever it holds. */
export interface RawMessage {
  readonly id: string;
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The queue of the agent under test, which nobody else works on. */
export class AgentQueue {
  private constructor(
    readonly name: string,
    private readonly channel: ConfirmChannel,
  ) {}

  static async open(broker: ChannelModel, name: string): Promise<AgentQueue> {
    return new AgentQueue(name, await broker.createConfirmChannel());
  }

  /** Resolves once the queue has it. */
  async put({ id: messageId, content, headers }: RawMessage): Promise<void> {
    const options = { headers, messageId, persistent: true, contentType: 'application/json' };
    this.channel.sendToQueue(this.name, content, options);
    await this.channel.waitForConfirms();
  }

  async consumerCount(): Promise<number> {
    return (await this.channel.checkQueue(this.name)).consumerCount;
  }

  /** How many messages nobody has been handed yet. */
  async waitingCount(): Promise<number> {
    return (await this.channel.checkQueue(this.name)).messageCount;
  }

  /** Takes out what waits, and gives the ids; probes are left out. */
  async takeAll(): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const message = await this.channel.get(this.name, { noAck: true });
      if (message === false) return ids;
      const { headers, messageId } = message.properties;
      if (headers?.[PROBE_HEADER] === undefined) ids.push(String(messageId));
    }
  }
}
