import type { Registry } from 'prom-client';

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
  /** Where the metrics go; nowhere unless given. */
  readonly registry?: Registry;
}
