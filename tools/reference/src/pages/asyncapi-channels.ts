import { AGENTS, type Contract } from '@askflash/contracts';

/** Of AsyncAPI's AMQP bindings. */
export const BINDING_VERSION = '0.3.0';

/** A channel of the document, under its name there. */
interface NamedChannel {
  readonly name: string;
  readonly channel: object;
}

/** What may stand in a routing key, where the registry knows. */
const KNOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  stage: AGENTS.flatMap(({ stages }) => stages),
  agent: AGENTS.map(({ name }) => name),
};

/** The queues that carry a contract, or the one pattern of routing keys that it goes out under. */
export function channelsOf(contract: Contract): NamedChannel[] {
  return contract.exchange === 'mcp.tasks' ? queuesOf(contract) : [routesOf(contract)];
}

function queuesOf({ type }: Contract): NamedChannel[] {
  return AGENTS.map(({ queue: name, description: work }) => ({
    name,
    channel: {
      address: name,
      title: `Work for an agent: ${work}`,
      messages: messagesOf(type),
      bindings: {
        amqp: {
          is: 'queue',
          queue: { name, durable: true, exclusive: false, autoDelete: false },
          bindingVersion: BINDING_VERSION,
        },
      },
    },
  }));
}

function routesOf({ type, description, exchange, routingKey }: Contract): NamedChannel {
  const address = routingKey(PLACEHOLDERS);
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [
    name,
    {
      description: `\`${name}\` of the payload`,
      ...(KNOWN_VALUES[name] ? { enum: KNOWN_VALUES[name] } : {}),
    },
  ]);
  const channel = {
    address,
    title: description,
    messages: messagesOf(type),
    parameters: Object.fromEntries(parameters),
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: exchange, type: 'topic', durable: true, autoDelete: false },
        bindingVersion: BINDING_VERSION,
      },
    },
  };
  return { name: type.replace(/\.v\d+$/, ''), channel };
}

function messagesOf(type: string): object {
  return { [type]: { $ref: `#/components/messages/${type}` } };
}

/** Gives the name of each field instead of its value: `stage.completed.{stage}`. */
const PLACEHOLDERS: unknown = new Proxy({}, { get: (_target, name) => `{${String(name)}}` });
