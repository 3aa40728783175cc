import { CONSUMER_HEADER, PROBE_HEADER } from '@askflash/contracts';
import type { ConsumeMessage } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import { PROBE_ANSWER_PREFIX } from '../probe-answers';
import type { ConfirmedSender } from '../publisher/confirmed-sender';
import { EVENTS_EXCHANGE } from '../topology/topology';

/** Whether a message is a probe: acknowledged, and handled by nobody. */
export function isProbe({ properties }: ConsumeMessage): boolean {
  return properties.headers?.[PROBE_HEADER] !== undefined;
}

/** Answers a probe to where it asks for it, by the name of its consumer; whoever asked may be gone. */
export function answerProbe(sender: ConfirmedSender, { properties, fields }: ConsumeMessage): void {
  const replyTo: unknown = properties.replyTo;
  // Anywhere else an app may not be allowed to publish, which would close the channel of its results.
  if (typeof replyTo !== 'string' || !replyTo.startsWith(PROBE_ANSWER_PREFIX)) return;
  const correlationId: unknown = properties.correlationId;
  const answer = {
    exchange: EVENTS_EXCHANGE,
    routingKey: replyTo,
    content: Buffer.alloc(0),
    messageId: uuidv7(),
    properties: {
      headers: { [CONSUMER_HEADER]: fields.consumerTag },
      ...(typeof correlationId === 'string' ? { correlationId } : {}),
    },
  };
  sender.send(answer).catch(() => {});
}
