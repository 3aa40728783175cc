import { BackboneError } from '@askflash/contracts';
import type { MessagingStatus } from '@askflash/messaging';
import type { HealthCheck } from '@askflash/service-kit';
import type { Database } from '@askflash/typeorm-entities';
import type { EngineLifecycle } from './engine/engine-lifecycle';

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
    { name: 'rabbitmq', check: async () => messaging.assertReady() },
    {
      name: 'engine',
      check: async () => {
        if (!engine.running) throw new EngineNotRunningError('The engine does not run');
      },
    },
  ];
}
