import { z } from 'zod';
import type { Scenario } from '../scenario';

const properties = z.object({ version: z.string() });

export const RABBITMQ: Scenario = {
  name: 'rabbitmq',
  title: 'RabbitMQ connection',
  part: 'RabbitMQ',
  needs: [],
  timeoutMs: 10_000,
  remedy: 'See that RabbitMQ runs and that RABBITMQ_URL is right; `npm start` starts one.',
  async run(stack) {
    const broker = await stack.broker();
    const { version } = properties.parse(broker.connection.serverProperties);
    return { summary: `RabbitMQ ${version}` };
  },
};
