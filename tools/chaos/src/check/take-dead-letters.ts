import { DEAD_LETTER_HEADERS, DEAD_LETTER_QUEUE } from '@askflash/messaging';
import type { MessagePropertyHeaders } from 'amqplib';
import { withRabbitmq } from '../rig/clients';

/** A message that was given up. */
export interface TakenLetter {
  readonly reason: string;
  readonly queue: string;
}

/** What the broker says of a message that was handed out too often: each time its taker was killed. */
export const HANDED_OUT_TOO_OFTEN = 'delivery_limit';

/** Empties the dead-letter queue. */
export function takeDeadLetters(rabbitmqUrl: string): Promise<TakenLetter[]> {
  return withRabbitmq(rabbitmqUrl, async (connection) => {
    const channel = await connection.createChannel();
    const taken: TakenLetter[] = [];
    for (;;) {
      const message = await channel.get(DEAD_LETTER_QUEUE, { noAck: true });
      if (!message) break;
      taken.push(letterOf(message.properties.headers ?? {}));
    }
    await channel.close();
    return taken;
  });
}

function letterOf(headers: MessagePropertyHeaders): TakenLetter {
  const told = (name: string): string | undefined =>
    headers[name] === undefined ? undefined : String(headers[name]);
  return {
    reason: told(DEAD_LETTER_HEADERS.reason) ?? told('x-first-death-reason') ?? 'none',
    queue: told(DEAD_LETTER_HEADERS.queue) ?? told('x-first-death-queue') ?? 'unknown',
  };
}
