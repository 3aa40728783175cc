import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CONTRACTS,
  STAGE_REQUESTED,
  TASK_FINISHED,
  eventHeaders,
  sampleFileOf,
  type Contract,
} from '@askflash/contracts';
import { z } from 'zod';
import { componentsOf, inlineSchemaOf } from '../json-schema';
import { BINDING_VERSION, channelsOf } from './asyncapi-channels';

/** What the coordinator sends; all else is sent by agents. */
const FROM_COORDINATOR: readonly string[] = [STAGE_REQUESTED.type, TASK_FINISHED.type];

const packageFile = z.object({ version: z.string(), license: z.string() });

/** The messages of the backbone as AsyncAPI 3, seen from an agent. */
export function asyncApi(workspaceRoot: string): object {
  const { version, license } = packageFile.parse(readJson(workspaceRoot, 'package.json'));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'AskFlash MCP backbone, as an agent sees it',
      version,
      description:
        'Every message is a CloudEvent 1.0 in binary mode, published persistent, mandatory and confirmed. ' +
        'Exchanges and queues are declared by `queue-init` alone. A message that can never be handled is ' +
        'rejected without requeue, which moves it to `mcp.dead_letter`. A message with the header ' +
        '`x-mcp-probe` is no work: it is acknowledged, and answered on `mcp.events` with an empty body, ' +
        'its `reply-to` being the routing key.',
      license: { name: license },
    },
    defaultContentType: 'application/json',
    servers: {
      rabbitmq: {
        host: 'localhost:5672',
        protocol: 'amqp',
        protocolVersion: '0.9.1',
        description: 'RabbitMQ, where RABBITMQ_URL says',
        security: [{ $ref: '#/components/securitySchemes/user' }],
      },
    },
    channels: Object.fromEntries(
      CONTRACTS.flatMap(channelsOf).map(({ name, channel }) => [name, channel]),
    ),
    operations: Object.fromEntries(CONTRACTS.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(
        CONTRACTS.map((contract) => [contract.type, messageOf(contract, workspaceRoot)]),
      ),
      schemas: Object.assign(
        {},
        ...CONTRACTS.map(({ type, schema }) => componentsOf(type, schema)),
      ),
      securitySchemes: { user: { type: 'userPassword' } },
    },
  };
}

function operationsOf(contract: Contract) {
  const received = FROM_COORDINATOR.includes(contract.type);
  return channelsOf(contract).map(({ name }) => [
    `${received ? 'receive' : 'send'}:${name}`,
    {
      action: received ? 'receive' : 'send',
      summary: contract.description,
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/${contract.type}` }],
      bindings: {
        amqp: {
          ...(received ? { ack: true } : { deliveryMode: 2, mandatory: true }),
          bindingVersion: BINDING_VERSION,
        },
      },
    },
  ]);
}

function messageOf(contract: Contract, workspaceRoot: string): object {
  const { type, description, subject } = contract;
  const payload = readJson(workspaceRoot, join('libs/contracts/src', sampleFileOf(type)));
  const headers = eventHeaders.extend({ 'cloudEvents:type': z.literal(type) });
  return {
    name: type,
    title: type,
    summary: description,
    contentType: 'application/json',
    headers: inlineSchemaOf(headers),
    payload: { $ref: `#/components/schemas/${type}` },
    bindings: {
      amqp: { contentEncoding: 'utf-8', messageType: type, bindingVersion: BINDING_VERSION },
    },
    examples: [
      {
        headers: headers.parse({
          'cloudEvents:specversion': '1.0',
          'cloudEvents:id': '019ab7a0-5c4f-7d18-a3b1-90c6e2d7f845',
          'cloudEvents:type': type,
          'cloudEvents:source': FROM_COORDINATOR.includes(type)
            ? '/coordinator'
            : '/executor-agent',
          'cloudEvents:subject': subject(payload),
          'cloudEvents:time': '2026-01-15T09:30:00.431Z',
        }),
        payload,
      },
    ],
  };
}

function readJson(workspaceRoot: string, file: string): unknown {
  return JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8'));
}
