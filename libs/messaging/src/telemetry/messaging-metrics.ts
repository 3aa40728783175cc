import { Counter, Gauge, type Registry } from 'prom-client';
import type { Decision } from '../consumer/decision';
import {
  PublishRejectedError,
  PublishUnknownError,
  PublishUnroutableError,
  PublisherBlockedError,
  PublisherDisconnectedError,
} from '../errors';

/** What is read off an app's messaging whenever somebody asks for its metrics. */
export interface MessagingGauges {
  readonly outstanding: () => number;
  readonly blocked: () => boolean;
  readonly connected: () => { readonly publish: boolean; readonly consume: boolean };
  readonly inFlight: () => readonly { readonly queue: string; readonly inFlight: number }[];
}

const OUTCOMES = [
  [PublishRejectedError, 'refused'],
  [PublishUnroutableError, 'unroutable'],
  [PublishUnknownError, 'unknown'],
  [PublisherBlockedError, 'blocked'],
  [PublisherDisconnectedError, 'disconnected'],
] as const;

const DECISIONS = {
  acknowledge: 'acknowledged',
  'retry-later': 'retried',
  'dead-letter': 'dead_lettered',
} as const satisfies Record<Decision['kind'], string>;

/** What became of a message, as metrics and traces call it. */
export function decisionName({ kind }: Decision): (typeof DECISIONS)[Decision['kind']] {
  return DECISIONS[kind];
}

/** What `/metrics` tells of an app's messaging. Probes are counted nowhere. */
export class MessagingMetrics {
  private readonly published: Counter<'outcome'>;
  private readonly consumed: Counter<'queue' | 'decision'>;
  private readonly redelivered: Counter<'queue'>;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    this.published = new Counter({
      name: 'messaging_published_total',
      help: 'Messages published, by what became of them: confirmed, or why not',
      labelNames: ['outcome'],
      registers,
    });
    this.consumed = new Counter({
      name: 'messaging_consumed_total',
      help: 'Messages taken out of a queue, by what was decided about them',
      labelNames: ['queue', 'decision'],
      registers,
    });
    this.redelivered = new Counter({
      name: 'messaging_redelivered_total',
      help: 'Messages taken out of a queue that had been handed out before',
      labelNames: ['queue'],
      registers,
    });
  }

  /** Has what can be read at any time told too. */
  observe({ outstanding, blocked, connected, inFlight }: MessagingGauges): void {
    const registers = [this.registry];
    new Gauge({
      name: 'messaging_confirms_outstanding',
      help: 'Messages that wait to be sent or to be confirmed',
      registers,
      collect() {
        this.set(outstanding());
      },
    });
    new Gauge({
      name: 'messaging_blocked',
      help: 'Whether RabbitMQ takes no messages, being short of memory or disk',
      registers,
      collect() {
        this.set(Number(blocked()));
      },
    });
    new Gauge({
      name: 'messaging_connected',
      help: 'Whether there is a connection to RabbitMQ',
      labelNames: ['connection'],
      registers,
      collect() {
        const { publish, consume } = connected();
        this.set({ connection: 'publish' }, Number(publish));
        this.set({ connection: 'consume' }, Number(consume));
      },
    });
    new Gauge({
      name: 'messaging_in_flight',
      help: 'Messages taken out of a queue and not settled yet',
      labelNames: ['queue'],
      registers,
      collect() {
        this.reset();
        for (const each of inFlight()) this.set({ queue: each.queue }, each.inFlight);
      },
    });
  }

  /** Counts a publish, by its error where it failed. */
  countPublished(error?: unknown): void {
    this.published.inc({ outcome: error === undefined ? 'confirmed' : outcomeOf(error) });
  }

  countConsumed(queue: string, decision: Decision): void {
    this.consumed.inc({ queue, decision: decisionName(decision) });
  }

  countRedelivered(queue: string): void {
    this.redelivered.inc({ queue });
  }
}

function outcomeOf(error: unknown): string {
  return OUTCOMES.find(([errorClass]) => error instanceof errorClass)?.[1] ?? 'invalid';
}
