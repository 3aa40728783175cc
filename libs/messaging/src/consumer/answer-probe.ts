import { CONSUMER_HEADER, PROBE_HEADER } from '@askflash/contracts';
import type { ConsumeMessage } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import type { ConfirmedSender } from '../publisher/confirmed-sender';

/** Whether a message is a probe: acknowledged, and handled by nobody. */
export function isProbe({ properties }: ConsumeMessage): boolean {
  return properties.headers?.[PROBE_HEADER] !== undefined;
}

/** Answers a probe to where it asks for it, by the name of its consumer; whoever asked may be gone. */
export function answerProbe(sender: ConfirmedSender, { properties, fields }: ConsumeMessage): void {
  const replyTo: unknown = properties.replyTo;
  if (typeof replyTo !== 'string') return;
  const correlationId: unknown = properties.correlationId;
  const answer = {
    exchange: '',
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
