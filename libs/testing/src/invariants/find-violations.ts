import type { TestBackbone } from '../backbone';
import { checkConsumers, checkQueues, checkResponses } from './check-broker';
import { checkTask } from './check-task';
import { checkViews } from './check-views';
import { readFacts } from './read-facts';
import type { Violation } from './violation';

export interface FindViolationsOptions {
  readonly env: TestBackbone['env'];
  /** Ids of tasks that a coordinator has answered with 202. */
  readonly accepted: readonly string[];
  /** A coordinator that is ready. */
  readonly coordinatorUrl: string;
  /** Queues that somebody is meant to consume; `mcp.results` unless given. */
  readonly consumed?: readonly string[];
}

/**
 * Checks I1–I9 on a backbone that has come to rest, out of PostgreSQL, RabbitMQ and Redis. Every
 * task of the database is checked, those that nobody was told of too. It changes nothing but Redis,
 * where it takes every view away to have it rebuilt.
 *
 * @returns empty where all holds
 */
export async function findViolations({
  env,
  accepted,
  coordinatorUrl,
  consumed = ['mcp.results'],
}: FindViolationsOptions): Promise<Violation[]> {
  const queues = await checkQueues(env);
  const { tasks, unsentCount } = await readFacts(env.DATABASE_URL);
  const known = new Set(tasks.map(({ id }) => id));
  const lost = accepted.filter((id) => !known.has(id));
  const ready = await fetch(`${coordinatorUrl}/health/ready`);
  return [
    ...lost.map((taskId) => violation('I1', taskId, 'it was accepted, and is not there')),
    ...tasks.flatMap(checkTask),
    ...(unsentCount > 0 ? [violation('I7', null, `${unsentCount} messages are unsent`)] : []),
    ...queues,
    ...(await checkResponses(tasks, env)),
    ...(await checkViews([...known], coordinatorUrl, env)),
    ...(ready.ok ? await checkConsumers(consumed, env) : []),
  ];
}

function violation(
  invariant: Violation['invariant'],
  taskId: string | null,
  what: string,
): Violation {
  return { invariant, taskId, what };
}
