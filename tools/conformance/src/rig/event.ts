import {
  AGENT_HEARTBEAT,
  STAGE_COMPLETED,
  STAGE_FAILED,
  eventHeaders,
  type AgentHeartbeat,
  type Contract,
  type StageCompleted,
  type StageFailed,
} from '@askflash/contracts';
import type { ConsumeMessage } from 'amqplib';
import { z } from 'zod';

const PERSISTENT = 2;

/** What an agent said on `mcp.events`, and all that is wrong with the way it said it. */
export type Event = (
  | { readonly kind: 'completed'; readonly payload: StageCompleted }
  | { readonly kind: 'failed'; readonly payload: StageFailed }
  | { readonly kind: 'heartbeat'; readonly payload: AgentHeartbeat }
  | { readonly kind: 'unreadable'; readonly payload: { readonly taskId: string } }
) & { readonly problems: readonly string[] };

/** A report on a stage, readable or not. */
export type StageReport = Exclude<Event, { readonly kind: 'heartbeat' }>;

/** As much of a message as is looked at. */
export interface HeardMessage {
  readonly content: Buffer;
  readonly fields: Pick<ConsumeMessage['fields'], 'routingKey'>;
  readonly properties: Partial<
    Pick<ConsumeMessage['properties'], 'headers' | 'contentType' | 'deliveryMode'>
  >;
}

/** Reads a message that an agent published. */
export function readEvent({ content, fields, properties }: HeardMessage): Event {
  const headers = eventHeaders.safeParse(properties.headers ?? {});
  const type: unknown = properties.headers?.['cloudEvents:type'];
  const subject: unknown = properties.headers?.['cloudEvents:subject'];
  const body = parseJson(content);
  const check = <C extends Contract>(contract: C, payload: z.output<C['schema']>): string[] => [
    ...issuesOf('header', headers.error),
    ...differs('the routing key', fields.routingKey, contract.routingKey(payload)),
    ...differs('the header cloudEvents:subject', subject, contract.subject(payload)),
    ...differs('content-type', properties.contentType, 'application/json'),
    ...differs('delivery-mode', properties.deliveryMode, PERSISTENT),
  ];
  const unreadable = (problems: readonly string[]): Event => ({
    kind: 'unreadable',
    payload: { taskId: taskIdIn(body) },
    problems: [`it was published under ${fields.routingKey}`, ...problems],
  });
  switch (type) {
    case STAGE_COMPLETED.type: {
      const { data, error } = STAGE_COMPLETED.schema.safeParse(body);
      if (!data) return unreadable(issuesOf(type, error));
      return { kind: 'completed', payload: data, problems: check(STAGE_COMPLETED, data) };
    }
    case STAGE_FAILED.type: {
      const { data, error } = STAGE_FAILED.schema.safeParse(body);
      if (!data) return unreadable(issuesOf(type, error));
      return { kind: 'failed', payload: data, problems: check(STAGE_FAILED, data) };
    }
    case AGENT_HEARTBEAT.type: {
      const { data, error } = AGENT_HEARTBEAT.schema.safeParse(body);
      if (!data) return unreadable(issuesOf(type, error));
      return { kind: 'heartbeat', payload: data, problems: check(AGENT_HEARTBEAT, data) };
    }
    default:
      return unreadable([`its type is ${String(type)}`]);
  }
}

/** What is wrong, as `where path: message`. */
export function issuesOf(where: string, error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).map(({ path, message }) => `${where} ${path.join('.')}: ${message}`);
}

function differs(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what} is ${String(found)} instead of ${String(wanted)}`];
}

function taskIdIn(body: unknown): string {
  const { data } = z.looseObject({ taskId: z.string() }).safeParse(body);
  return data?.taskId ?? '';
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
