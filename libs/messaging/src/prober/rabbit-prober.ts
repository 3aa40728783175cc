import { PROBE_HEADER } from '@askflash/contracts';
import type { Channel } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import type { BrokerConnection } from '../connection/broker-connection';
import { ProbeUnansweredError } from '../errors';
import { listenForAnswers } from '../probe-answers';
import { Prober } from './prober';

/** Probes on a channel that lives for one probe. */
export class RabbitProber extends Prober {
  constructor(private readonly connection: BrokerConnection) {
    super();
  }

  async probe(queue: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<number> {
    const model = this.connection.current;
    if (!model) throw unanswered(queue, 'there is no connection to RabbitMQ');
    let channel: Channel | undefined;
    try {
      channel = await model.createChannel();
      channel.on('error', () => {}); // A missing queue closes the channel; the call rejects too.
      return await this.ask(channel, queue, timeoutMs);
    } catch (error) {
      if (error instanceof ProbeUnansweredError) throw error;
      throw unanswered(queue, error instanceof Error ? error.message : String(error), error);
    } finally {
      await channel?.close().catch(() => {});
    }
  }

  private async ask(channel: Channel, queue: string, timeoutMs: number): Promise<number> {
    const { consumerCount } = await channel.checkQueue(queue);
    if (consumerCount === 0) throw unanswered(queue, 'nobody consumes it');
    const correlationId = uuidv7();
    let sentAt = 0;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<number>((resolve, reject) => {
        timer = setTimeout(
          () => reject(unanswered(queue, `no answer within ${timeoutMs} ms`)),
          timeoutMs,
        );
        channel.on('close', () => reject(unanswered(queue, 'the channel was closed')));
        listenForAnswers(channel, (answer) => {
          if (answer?.properties.correlationId === correlationId) {
            resolve(performance.now() - sentAt);
          }
        })
          .then((replyTo) => {
            sentAt = performance.now();
            channel.publish('', queue, Buffer.alloc(0), {
              headers: { [PROBE_HEADER]: true },
              replyTo,
              correlationId,
            });
          })
          .catch(reject);
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

function unanswered(queue: string, reason: string, cause?: unknown): ProbeUnansweredError {
  return new ProbeUnansweredError(`Queue ${queue} did not answer a probe: ${reason}`, {
    fields: { queue },
    cause,
  });
}
