import { BackboneError } from '@askflash/contracts';
import type { MessagingStatus } from '@askflash/messaging';
import type { HealthCheck } from '@askflash/service-kit';
import type { Database } from '@askflash/typeorm-entities';
import type { EngineLifecycle } from './engine/engine-lifecycle';

/** The broker cannot be used just now. */
export class MessagingNotReadyError extends BackboneError {
  static override readonly code = 'MESSAGING_NOT_READY';
  static override readonly when =
    'An app cannot publish, or does not consume a queue it is meant to; readiness tells.';
  static override readonly remedy =
    'See that RabbitMQ runs; where a queue is missing run `queue-init apply`.';
}

/** The engine takes no results yet, or no longer. */
export class EngineNotRunningError extends BackboneError {
  static override readonly code = 'ENGINE_NOT_RUNNING';
  static override readonly when = 'The coordinator waits for PostgreSQL, or is shutting down.';
  static override readonly remedy = 'Wait, or see that PostgreSQL runs.';
}

/**
 * What the coordinator cannot work without. Redis is not among it: tasks go on without the live
 * view, so a coordinator whose Redis is away still takes work.
 */
export function healthChecks({
  database,
  messaging,
  engine,
}: {
  readonly database: Database;
  readonly messaging: MessagingStatus;
  readonly engine: EngineLifecycle;
}): HealthCheck[] {
  return [
    { name: 'postgres', check: async () => void (await database.ping()) },
    {
      name: 'rabbitmq',
      check: async () => {
        const { ready, reasons } = messaging.snapshot();
        if (!ready) throw new MessagingNotReadyError(reasons.join('; '));
      },
    },
    {
      name: 'engine',
      check: async () => {
        if (!engine.running) throw new EngineNotRunningError('The engine does not run');
      },
    },
  ];
}
