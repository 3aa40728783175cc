import { QUEUE_ARGUMENTS, TOPOLOGY, policyPattern } from '@askflash/messaging';
import { code, page, table } from '../markdown';

/** Exchanges, queues, bindings and policies as `queue-init` declares them. */
export function topologyPage(): string {
  const { exchanges, queues, bindings, policies } = TOPOLOGY;
  const queueArguments = Object.entries(QUEUE_ARGUMENTS).map(([key, value]) => `${key}: ${value}`);
  return page(
    'RabbitMQ topology',
    'Declared by `queue-init apply`, and by nothing else; `queue-init plan` compares it with a broker.',
    '## Exchanges\n\nDurable.',
    table(
      ['Exchange', 'Type', 'What goes there'],
      exchanges.map(({ name, type, description }) => [code(name), type, description]),
    ),
    `## Queues\n\nDurable, with one argument (${code(queueArguments.join(', '))}); all else is a policy, which can change.`,
    table(
      ['Queue', 'What it holds', 'Policy'],
      queues.map(({ name, description }) => [
        code(name),
        description,
        policies
          .filter((policy) => policy.queues.includes(name))
          .map((policy) => code(policy.name))
          .join(', '),
      ]),
    ),
    '## Bindings',
    table(
      ['Exchange', 'Routing key', 'Queue', 'What for'],
      bindings.map(({ exchange, routingKey, queue, description }) => [
        code(exchange),
        code(routingKey),
        code(queue),
        description,
      ]),
    ),
    '## Policies',
    ...policies.map((policy) =>
      [
        `### ${code(policy.name)}`,
        `${policy.description}. Applies to ${code(policyPattern(policy))}.`,
        table(
          ['Limit', 'Value'],
          Object.entries(policy.limits).map(([key, value]) => [
            code(key),
            value === '' ? '(the default exchange)' : code(String(value)),
          ]),
        ),
      ].join('\n\n'),
    ),
  );
}
