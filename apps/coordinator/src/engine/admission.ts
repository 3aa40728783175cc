import type { Publisher } from '@askflash/messaging';
import type { Backlog } from '@askflash/typeorm-entities';
import { Counter, Gauge, type Registry } from 'prom-client';
import { CoordinatorBusyError } from '../tasks/errors';
import type { Engine } from './engine';
import type { Outbox } from './outbox';

/** Unsent messages that are passed over: a few that can never be sent must not close the door. */
export const IGNORED_MESSAGE_COUNT = 50;

/** Events that may wait for a transaction, in memory. */
const MAX_WAITING_EVENT_COUNT = 2_000;
/** Messages that may wait for the broker's confirm, in memory; all of them are rows of the outbox too. */
const MAX_UNCONFIRMED_COUNT = 5_000;
/** How long messages may stay unsent, in milliseconds: past the lease, once the poller has tried too. */
const MAX_UNSENT_MS = 15_000;
/** How long a queue that refused a message is taken to be full, in milliseconds. */
const REJECTION_MS = 5_000;

/** What admission looks at. */
export interface AdmissionSignals {
  readonly publisher: Pick<Publisher, 'blocked' | 'outstanding'>;
  readonly outbox: Pick<Outbox, 'sinceRejectedMs'>;
  readonly engine: Pick<Engine, 'waitingCount'>;
  /** Measures what waits, over all coordinators. */
  readonly backlog: () => Promise<Backlog>;
  /** Tasks that may run at a time, over all coordinators. */
  readonly maxOpenTaskCount: number;
  readonly registry: Registry;
}

type Reason = 'broker_blocked' | 'queue_full' | 'unsent' | 'open_tasks' | 'waiting' | 'unconfirmed';

/** Why no task is taken right now. */
interface Refusal {
  readonly reason: Reason;
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/**
 * The door for new tasks: shut while what lies behind it does not keep up, so that memory stays
 * bounded and what was accepted comes to its end. Work on tasks that were accepted goes on.
 *
 * ```
 * open ──broker blocks, a queue refuses, messages stay unsent, too much waits──► shut
 *  ▲                                                                              │
 *  └───────────────────────────────none of these any more─────────────────────────┘
 * ```
 */
export class Admission {
  private measured: Backlog = { openTaskCount: 0, unsentForMs: 0, oldestUnsentMs: 0 };
  private readonly refused: Counter<'reason'>;

  constructor(private readonly signals: AdmissionSignals) {
    this.refused = new Counter({
      name: 'coordinator_tasks_refused_total',
      help: 'Tasks that were turned away because the system was busy, by reason',
      labelNames: ['reason'],
      registers: [signals.registry],
    });
    const measured = () => this.measured;
    new Gauge({
      name: 'coordinator_open_tasks',
      help: 'Tasks that run, over all coordinators, as last measured; no more than may run',
      registers: [signals.registry],
      collect() {
        this.set(measured().openTaskCount);
      },
    });
    new Gauge({
      name: 'coordinator_outbox_oldest_age_seconds',
      help: 'Age of the oldest message not known to be sent, over all coordinators, as last measured',
      registers: [signals.registry],
      collect() {
        this.set(measured().oldestUnsentMs / 1000);
      },
    });
  }

  /** Measures what waits; the poller calls it at each look. */
  async measure(): Promise<void> {
    this.measured = await this.signals.backlog();
  }

  /** @throws {CoordinatorBusyError} no task can be taken right now; says why and when to come back */
  check(): void {
    const refusal = this.refusal();
    if (refusal === undefined) return;
    this.refused.inc({ reason: refusal.reason });
    throw new CoordinatorBusyError(refusal.message, refusal.retryAfterSeconds);
  }

  private refusal(): Refusal | undefined {
    const { publisher, outbox, engine, maxOpenTaskCount } = this.signals;
    const { openTaskCount, unsentForMs } = this.measured;
    if (publisher.blocked) {
      return because('broker_blocked', 'RabbitMQ takes no messages', 5);
    }
    if (outbox.sinceRejectedMs < REJECTION_MS) {
      return because('queue_full', 'A queue is full and refuses messages', 5);
    }
    if (unsentForMs > MAX_UNSENT_MS) {
      const seconds = Math.round(unsentForMs / 1000);
      return because('unsent', `Messages stay unsent for ${seconds} s`, 5);
    }
    if (openTaskCount >= maxOpenTaskCount) {
      return because('open_tasks', `${openTaskCount} tasks run already`, 10);
    }
    if (engine.waitingCount >= MAX_WAITING_EVENT_COUNT) {
      return because('waiting', `${engine.waitingCount} events wait for PostgreSQL`, 1);
    }
    if (publisher.outstanding >= MAX_UNCONFIRMED_COUNT) {
      return because('unconfirmed', `${publisher.outstanding} messages wait for RabbitMQ`, 1);
    }
    return undefined;
  }
}

function because(reason: Reason, message: string, retryAfterSeconds: number): Refusal {
  return { reason, message, retryAfterSeconds };
}
