import { RabbitmqManagement, TOPOLOGY, assertTopologyCurrent, vhostOf } from '@askflash/messaging';
import type { Scenario } from '../scenario';

export const TOPOLOGY_CHECK: Scenario = {
  name: 'topology',
  title: 'Topology check',
  part: 'RabbitMQ topology',
  needs: ['rabbitmq'],
  timeoutMs: 10_000,
  remedy: 'Run `queue-init plan` to see how it differs, then `queue-init apply`.',
  async run({ config }) {
    const management = new RabbitmqManagement(config.rabbitmqManagementUrl);
    await assertTopologyCurrent(management, vhostOf(config.rabbitmqUrl));
    const { queues, bindings, policies } = TOPOLOGY;
    return {
      summary: `${queues.length} queues, ${bindings.length} bindings, ${policies.length} policies`,
    };
  },
};
