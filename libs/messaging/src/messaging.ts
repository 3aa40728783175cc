import type { Consumers } from './consumer/consumers';
import type { Prober } from './prober';
import type { Publisher } from './publisher/publisher';
import type { MessagingStatus } from './status';

/** Where the lines that operators should see go; Nest's `Logger` fits. */
export interface MessagingLogger {
  log(message: string): void;
  warn(message: string): void;
}

export interface MessagingOptions {
  /** `amqp://…`, virtual host included. */
  readonly url: string;
  /** Names the connections `<appName>:publish` and `<appName>:consume`, and the CloudEvents source. */
  readonly appName: string;
  /** How long a publish may take, in milliseconds; 10 000 unless given. */
  readonly publishTimeoutMs?: number;
  /** Nest's logger unless given. */
  readonly logger?: MessagingLogger;
}

/** One app's use of the broker: a connection to publish, a connection to consume. */
export interface Messaging {
  readonly publisher: Publisher;
  readonly consumers: Consumers;
  readonly status: MessagingStatus;
  readonly prober: Prober;
  /** Stops every consumer, `graceMs` (10 000) at most, and closes both connections. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
