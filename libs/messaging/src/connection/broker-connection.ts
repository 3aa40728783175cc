import { certificateProblem, nodeUrls } from '@askflash/config';
import { AmqpConnection } from '@golevelup/nestjs-rabbitmq';
import type { ChannelModel } from 'amqplib';
import { Socket } from 'node:net';
import type { MessagingLogger } from '../messaging-options';
import { coalesceWrites } from './coalesce-writes';
import { within } from './within';

const HEARTBEAT_SECONDS = 10;
const RECONNECT_SECONDS = 1;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;

const SILENT = { log: () => {}, warn: () => {}, error: () => {} };

export interface BrokerConnectionOptions {
  readonly url: string;
  /** Shown as the connection's name in the management UI. */
  readonly name: string;
  readonly logger: MessagingLogger;
}

/**
 * A connection that is made again for as long as it is wanted, a second after each failure, to
 * another node where there are several.
 *
 * golevelup's connection keeps it; its channels and subscribers are not used, because they requeue
 * what fails for ever, send again what may have arrived, and stay closed after a channel error.
 */
export class BrokerConnection {
  blocked = false;

  private readonly amqp: AmqpConnection;
  private failing = false;

  /** Starts to connect and returns at once. */
  constructor(private readonly options: BrokerConnectionOptions) {
    const { url, name } = options;
    this.amqp = new AmqpConnection({
      name,
      uri: shuffled(nodeUrls(url)),
      enableDirectReplyTo: false,
      registerHandlers: false,
      connectionInitOptions: {
        wait: false,
        skipConnectionFailedLogging: true,
        skipDisconnectFailedLogging: true,
      },
      connectionManagerOptions: {
        heartbeatIntervalInSeconds: HEARTBEAT_SECONDS,
        reconnectTimeInSeconds: RECONNECT_SECONDS,
        connectionOptions: {
          timeout: CONNECT_TIMEOUT_MS,
          keepAlive: true,
          // Else a small message waits for the broker to have acknowledged the packet before it.
          noDelay: true,
          clientProperties: { connection_name: name },
        },
      },
      logger: SILENT,
    });
    this.amqp.init().catch((error: unknown) => this.tell(error));
    const manager = this.amqp.managedConnection;
    manager.on('blocked', () => this.setBlocked(true));
    manager.on('unblocked', () => this.setBlocked(false));
    manager.on('connect', () => this.connectionMade());
    manager.on('disconnect', ({ err }) => {
      this.blocked = false;
      this.tell(err);
    });
    manager.on('connectFailed', ({ err }) => this.tell(err));
  }

  get connected(): boolean {
    return this.amqp.managedConnection.isConnected();
  }

  /** The connection as it is now; undefined while there is none. */
  get current(): ChannelModel | undefined {
    return this.amqp.managedConnection.connection;
  }

  /** Calls back each time a connection is made; not for the one there is already. */
  onConnected(listener: () => void): () => void {
    this.amqp.managedConnection.on('connect', listener);
    return () => this.amqp.managedConnection.removeListener('connect', listener);
  }

  /** Calls back when the broker takes messages again after it was blocked. */
  onUnblocked(listener: () => void): void {
    this.amqp.managedConnection.on('unblocked', listener);
  }

  /** Closes it for good. A broker that does not answer, as one short of memory, is not waited for. */
  async close(): Promise<void> {
    const socket = socketOf(this.current);
    const closed = await within(CLOSE_TIMEOUT_MS, this.amqp.managedConnection.close());
    // With an error, because amqplib hears of nothing else and would go on sending heartbeats.
    if (!closed) socket?.destroy(new Error('The broker did not answer'));
  }

  private connectionMade(): void {
    const socket = socketOf(this.current);
    if (socket) coalesceWrites(socket);
    this.options.logger.log(`${this.options.name}: connected to RabbitMQ`);
    this.failing = false;
  }

  private setBlocked(blocked: boolean): void {
    this.blocked = blocked;
    this.options.logger.warn(
      blocked
        ? `${this.options.name}: RabbitMQ takes no messages, being short of memory or disk`
        : `${this.options.name}: RabbitMQ takes messages again`,
    );
  }

  /** Only the first failure of a row is told. */
  private tell(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    const reason = certificateProblem(error) ?? (error instanceof Error ? error.message : 'closed');
    this.options.logger.warn(
      `${this.options.name}: no connection to RabbitMQ (${reason}); trying again every ${RECONNECT_SECONDS} s`,
    );
  }
}

/** So that connections spread over the nodes of a cluster; a lost one goes to the next node. */
function shuffled(urls: readonly string[]): string[] {
  return urls
    .map((url) => ({ url, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ url }) => url);
}

/** amqplib's types leave it out. */
function socketOf(model: ChannelModel | undefined): Socket | undefined {
  const connection: object | undefined = model?.connection;
  return connection && 'stream' in connection && connection.stream instanceof Socket
    ? connection.stream
    : undefined;
}
