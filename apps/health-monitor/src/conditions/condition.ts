import type { ConditionSeverity } from '@askflash/typeorm-entities';

/**
 * Glossary
 *
 * - *condition*: one thing that can be wrong, by name; of each subject (a queue, an instance, a server)
 *   it is open or not.
 * - *finding*: that a look saw it. A condition opens where findings last, and closes where they stay away.
 */

/** What is known of a condition before it is ever found. */
export interface ConditionDefinition {
  readonly name: string;
  readonly severity: ConditionSeverity;
  /** A few words, for a table's cell. */
  readonly title: string;
  /** So long it has to be found before it opens, in milliseconds. */
  readonly openAfterMs: number;
  /** So long it has to stay away before it closes, in milliseconds. */
  readonly closeAfterMs: number;
}

const at = (
  severity: ConditionSeverity,
  title: string,
  openAfterMs: number,
  closeAfterMs: number,
) => ({ severity, title, openAfterMs, closeAfterMs });

/** Every condition; each has a runbook, `docs/runbooks/<name>.md` with dashes for underscores. */
export const CONDITIONS = {
  agent_unhealthy: at('warning', 'An agent’s instance does not work', 0, 5_000),
  queue_without_consumer: at('critical', 'Nobody consumes a work queue', 10_000, 5_000),
  queue_stuck: at('critical', 'A queue grows while its consumers take nothing', 0, 10_000),
  queue_slow: at('warning', 'Work waits long in a queue', 0, 30_000),
  dead_letters_growing: at('warning', 'The dead-letter queue fills', 0, 60_000),
  outbox_not_draining: at('critical', 'Committed messages are not sent', 0, 15_000),
  broker_blocked: at('critical', 'RabbitMQ takes no messages', 0, 10_000),
  redis_memory_high: at('warning', 'Redis is near its memory limit', 10_000, 60_000),
  redis_evicting: at('warning', 'Redis evicts keys', 0, 60_000),
  redis_views_lost: at('warning', 'Running tasks have no view in Redis', 5_000, 30_000),
  postgres_connections_short: at('critical', 'PostgreSQL is short of connections', 5_000, 30_000),
  postgres_sessions_terminated: at('warning', 'Sessions of PostgreSQL were terminated', 0, 60_000),
  server_unreachable: at('critical', 'A server does not answer', 5_000, 5_000),
  topology_drifted: at('critical', 'The broker’s topology is not what it should be', 5_000, 5_000),
  schema_differs: at('critical', 'The database’s schema is not what it should be', 5_000, 5_000),
} as const satisfies Record<string, Omit<ConditionDefinition, 'name'>>;

export type ConditionName = keyof typeof CONDITIONS;

/** Whether a text names a condition. */
export function isConditionName(text: string): text is ConditionName {
  return Object.hasOwn(CONDITIONS, text);
}

export const CONDITION_NAMES: readonly ConditionName[] =
  Object.keys(CONDITIONS).filter(isConditionName);

/** That one look saw a condition. */
export interface Finding {
  readonly name: ConditionName;
  readonly subject: string;
  /** One sentence, with its figures. */
  readonly summary: string;
  /** The figure that crossed the threshold, in the threshold's unit; null where there is none. */
  readonly value: number | null;
  readonly threshold: number | null;
}

/** A condition that is open. */
export interface OpenCondition extends Finding {
  /** UUIDv7. */
  readonly id: string;
  readonly severity: ConditionSeverity;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
}

/** The name of a condition's runbook: `queue-stuck`. */
export function runbookOf(name: string): string {
  return name.replaceAll('_', '-');
}
