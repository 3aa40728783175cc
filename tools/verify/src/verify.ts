import { runScenarios, type Report, type ScenarioResult } from '@askflash/scenario-kit';
import { END_TO_END } from './scenarios/end-to-end';
import { POSTGRES } from './scenarios/postgres';
import { QUEUES_AND_EXCHANGES } from './scenarios/queues';
import { RABBITMQ } from './scenarios/rabbitmq';
import { REDIS } from './scenarios/redis';
import { REDIS_PUBSUB } from './scenarios/redis-pubsub';
import { REDIS_STREAMS } from './scenarios/redis-streams';
import { SCHEMA } from './scenarios/schema';
import { TOPOLOGY_CHECK } from './scenarios/topology';
import { Stack, type VerifyConfig } from './stack';

const SCENARIOS = [
  POSTGRES,
  SCHEMA,
  REDIS,
  REDIS_STREAMS,
  REDIS_PUBSUB,
  RABBITMQ,
  QUEUES_AND_EXCHANGES,
  TOPOLOGY_CHECK,
  END_TO_END,
];

/**
 * Proves that a running stack works, without touching other people's tasks.
 *
 * @param onResult called as each scenario ends
 */
export async function verify(
  config: VerifyConfig,
  onResult?: (result: ScenarioResult) => void,
): Promise<Report> {
  const stack = new Stack(config);
  try {
    return await runScenarios(SCENARIOS, stack, onResult);
  } finally {
    await stack.close();
  }
}
