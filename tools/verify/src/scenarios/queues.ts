import { AGENTS } from '@askflash/contracts';
import { DEAD_LETTER_QUEUE, RESPONSES_QUEUE, TOPOLOGY, assertTopology } from '@askflash/messaging';
import type { Scenario } from '../scenario';

const QUEUES = [...AGENTS.map(({ queue }) => queue), RESPONSES_QUEUE, DEAD_LETTER_QUEUE];

/** Over AMQP, as apps see them; the topology scenario looks at their properties. */
export const QUEUES_AND_EXCHANGES: Scenario = {
  name: 'queues',
  title: 'Queues and exchanges',
  part: 'RabbitMQ topology',
  needs: ['rabbitmq'],
  timeoutMs: 10_000,
  remedy: 'Run `queue-init apply`.',
  async run({ config }) {
    await assertTopology(config.rabbitmqUrl, QUEUES);
    return { summary: `${QUEUES.length} queues, ${TOPOLOGY.exchanges.length} exchanges` };
  },
};
