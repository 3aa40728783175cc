import { BackboneError, parsePayload, type Contract, type PayloadOf } from '@askflash/contracts';
import { bodyLimitProblem } from '../body-limits';
import { toMessage } from '../cloud-events';
import type { BrokerConnection } from '../connection/broker-connection';
import { MessageTooLargeError, PublishInvalidError } from '../errors';
import type { ConfirmedSender, OutgoingMessage } from './confirmed-sender';
import { Publisher, type PublishItem, type PublishOptions, type PublishOutcome } from './publisher';

/** AMQP's short strings: routing key, message id. */
const MAX_SHORT_STRING_BYTES = 255;

/** Publishes over a confirm channel. */
export class RabbitPublisher extends Publisher {
  constructor(
    private readonly connection: BrokerConnection,
    private readonly sender: ConfirmedSender,
    private readonly source: string,
  ) {
    super();
  }

  get connected(): boolean {
    return this.sender.connected;
  }

  get blocked(): boolean {
    return this.connection.blocked;
  }

  get outstanding(): number {
    return this.sender.outstanding;
  }

  async publish<C extends Contract>(
    contract: C,
    payload: PayloadOf<C>,
    options: PublishOptions = {},
  ): Promise<void> {
    const checked = parsePayload(contract, payload);
    const content = Buffer.from(JSON.stringify(checked));
    const message = toMessage(contract, checked, content, { source: this.source, options });
    checkLimits(message);
    await this.sender.send(message);
  }

  async publishAll(items: readonly PublishItem[]): Promise<PublishOutcome[]> {
    return Promise.all(
      items.map(({ contract, payload, options }) =>
        outcomeOf(this.publish(contract, payload, options)),
      ),
    );
  }
}

/** What the broker would close the channel for, harming every message under way on it. */
function checkLimits({ content, routingKey, messageId, properties }: OutgoingMessage): void {
  const problem = bodyLimitProblem(content);
  if (problem) throw new MessageTooLargeError(`The message is too large: ${problem}`);
  if ([routingKey, messageId].some((text) => Buffer.byteLength(text) > MAX_SHORT_STRING_BYTES)) {
    throw new PublishInvalidError(
      `The routing key or the message id is over ${MAX_SHORT_STRING_BYTES} bytes`,
    );
  }
  const { expiration = '0', priority = 0 } = properties;
  if (!/^\d{1,10}$/.test(String(expiration))) {
    throw new PublishInvalidError('The expiration is not a whole number of milliseconds');
  }
  if (!Number.isInteger(priority) || priority < 0 || priority > 255) {
    throw new PublishInvalidError('The priority is not a whole number from 0 to 255');
  }
}

async function outcomeOf(publish: Promise<void>): Promise<PublishOutcome> {
  try {
    await publish;
    return { confirmed: true };
  } catch (error) {
    if (error instanceof BackboneError) return { confirmed: false, error };
    throw error;
  }
}
