import { BackboneError, type BackboneErrorOptions } from '@askflash/contracts';
import type { TopologyDifference } from './topology/difference';

/** A publish did not end with the broker's confirm. */
export abstract class PublishError extends BackboneError {}

/** No queue is bound to the message's routing key. */
export class PublishUnroutableError extends PublishError {
  static override readonly code = 'PUBLISH_UNROUTABLE';
  static override readonly when = 'A message was returned: no queue is bound to its routing key.';
  static override readonly remedy = 'Run `queue-init plan` and then `queue-init apply`.';

  constructor(fields: { exchange: string; routingKey: string; messageId: string }) {
    super(
      `No queue takes messages of exchange "${fields.exchange}" with routing key "${fields.routingKey}"`,
      { fields },
    );
  }
}

/** A queue refused the message. */
export class PublishRejectedError extends PublishError {
  static override readonly code = 'PUBLISH_REJECTED';
  static override readonly when = 'A queue refused a message, most often because it is full.';
  static override readonly remedy =
    'Find out why its consumers lag or are gone, then publish again.';

  constructor(fields: { exchange: string; routingKey: string; messageId: string }) {
    super(`The queue behind "${fields.exchange}" → "${fields.routingKey}" refused the message`, {
      fields,
    });
  }
}

/** Whether the message arrived is unknown. */
export class PublishUnknownError extends PublishError {
  static override readonly code = 'PUBLISH_UNKNOWN';
  static override readonly when =
    'A message was sent, and its confirm did not come: time-out, or the connection was lost.';
  static override readonly remedy =
    'Publish it again under the same message id: receivers know duplicates by it.';

  constructor(
    reason: string,
    fields: { exchange: string; routingKey: string; messageId: string },
    options: Pick<BackboneErrorOptions, 'cause'> = {},
  ) {
    super(
      `Whether message ${fields.messageId} reached "${fields.exchange}" → "${fields.routingKey}" is unknown: ${reason}`,
      { ...options, fields },
    );
  }
}

/** The broker took no messages for the whole time-out. */
export class PublisherBlockedError extends PublishError {
  static override readonly code = 'PUBLISHER_BLOCKED';
  static override readonly when =
    'The broker is out of memory or disk and took no message for the whole time-out; nothing was sent.';
  static override readonly remedy =
    'Free memory or disk of the broker (its management UI shows the alarm), then publish again.';
}

/** There was no connection for the whole time-out. */
export class PublisherDisconnectedError extends PublishError {
  static override readonly code = 'PUBLISHER_DISCONNECTED';
  static override readonly exit = 'unavailable';
  static override readonly when =
    'There was no connection to the broker, or it had no room, for the whole time-out; nothing was sent.';
  static override readonly remedy = 'See that RabbitMQ runs and RABBITMQ_URL is right.';
}

/** The body is over a limit. */
export class MessageTooLargeError extends PublishError {
  static override readonly code = 'MESSAGE_TOO_LARGE';
  static override readonly when =
    'A message’s body is over 1 MiB, or its JSON is nested deeper than 64 levels.';
  static override readonly remedy = 'Send a reference to the data instead of the data.';
}

/** What AMQP cannot carry. */
export class PublishInvalidError extends PublishError {
  static override readonly code = 'PUBLISH_INVALID';
  static override readonly when =
    'A publish has a routing key, message id, header, priority or expiration that AMQP cannot carry.';
  static override readonly remedy =
    'Keep routing key and message id within 255 bytes, priority within 0–255, expiration a whole number of milliseconds.';
}

/** A dead letter has no queue to go back to. */
export class DeadLetterUnreturnableError extends BackboneError {
  static override readonly code = 'DEAD_LETTER_UNRETURNABLE';
  static override readonly when =
    'A dead letter is to be sent back, and its headers name none of the backbone’s queues as the one it was in.';
  static override readonly remedy =
    'Publish what it holds to the right queue by hand, or leave it where it is.';

  constructor(id: string, queue: string | null) {
    super(`The dead letter ${id} has no queue to go back to${queue === null ? '' : `: ${queue}`}`, {
      fields: { id, queue },
    });
  }
}

/** This app consumes the queue already. */
export class ConsumerDuplicateError extends BackboneError {
  static override readonly code = 'CONSUMER_DUPLICATE';
  static override readonly when = 'An app consumes the same queue twice.';
  static override readonly remedy = 'Consume it once, with the sum of both prefetches.';
}

/** A probe had no answer. */
export class ProbeUnansweredError extends BackboneError {
  static override readonly code = 'PROBE_UNANSWERED';
  static override readonly when =
    'A queue was probed and nobody answered: it is missing, nobody consumes it, or its consumers are busy.';
  static override readonly remedy = 'Start the app that consumes the queue, or look at its log.';
}

/** What an app needs of the broker is not there. */
export class TopologyMissingError extends BackboneError {
  static override readonly code = 'TOPOLOGY_MISSING';
  static override readonly exit = 'unavailable';
  static override readonly when = 'An app needs exchanges or queues that the broker does not have.';
  static override readonly remedy = 'Run `queue-init apply`.';

  constructor(readonly missing: readonly string[]) {
    super(`The broker lacks ${missing.join(', ')}`, { fields: { missing } });
  }
}

/** The broker's topology is not the one wanted. */
export class TopologyDriftedError extends BackboneError {
  static override readonly code = 'TOPOLOGY_DRIFTED';
  static override readonly exit = 'drift';
  static override readonly when =
    'Exchanges, queues, bindings or policies of the broker are not as wanted.';
  static override readonly remedy = 'Run `queue-init plan` to see how, then `queue-init apply`.';

  constructor(readonly differences: readonly TopologyDifference[]) {
    const names = differences.map(({ kind, thing, name }) => `${kind} ${thing} ${name}`);
    super(`The topology has drifted: ${names.join(', ')}`, { fields: { differences } });
  }
}

/** The broker cannot be reached. */
export class BrokerUnreachableError extends BackboneError {
  static override readonly code = 'BROKER_UNREACHABLE';
  static override readonly exit = 'unavailable';
  static override readonly when = 'RabbitMQ did not answer in the time given.';
  static override readonly remedy = 'See that RabbitMQ runs and RABBITMQ_URL is right.';
}

/** The management API cannot be used. */
export class ManagementUnavailableError extends BackboneError {
  static override readonly code = 'MANAGEMENT_UNAVAILABLE';
  static override readonly exit = 'unavailable';
  static override readonly when =
    'RabbitMQ’s management API, which policies need, cannot be reached or refuses the request.';
  static override readonly remedy =
    'Enable the plugin `rabbitmq_management`, see that RABBITMQ_MANAGEMENT_URL is right and its user has the tag `administrator`.';
}

/** The broker cannot be used just now. */
export class MessagingNotReadyError extends BackboneError {
  static override readonly code = 'MESSAGING_NOT_READY';
  static override readonly when =
    'An app cannot publish, or does not consume a queue it is meant to; readiness tells.';
  static override readonly remedy =
    'See that RabbitMQ runs; where a queue is missing run `queue-init apply`.';
}
