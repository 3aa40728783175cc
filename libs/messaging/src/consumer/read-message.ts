import { BackboneError, TRACEPARENT, parsePayload, type Contract } from '@askflash/contracts';
import type { ConsumeMessage } from 'amqplib';
import { isUtf8 } from 'node:buffer';
import { bodyLimitProblem } from '../body-limits';
import { attributesOf } from '../cloud-events';
import type { ReceivedMessage } from './received-message';

/** Most messages have none, which is no error. */
const TRACE_CONTEXT = TRACEPARENT.optional();

/** A delivery as its handler gets it, or why it never can. */
export type Reading<C extends Contract> =
  { readonly message: ReceivedMessage<C> } | { readonly problem: string };

/**
 * Checks a delivery before anybody handles it: size and nesting on the bytes, then JSON, then the
 * contract its type names.
 */
export function readMessage<C extends Contract>(
  delivery: ConsumeMessage,
  contracts: ReadonlyMap<string, C>,
  signal: AbortSignal,
): Reading<C>;
export function readMessage(
  delivery: ConsumeMessage,
  contracts: ReadonlyMap<string, Contract>,
  signal: AbortSignal,
): Reading<Contract> {
  const { type, id, subject, time } = attributesOf(delivery.properties);
  const tooLarge = bodyLimitProblem(delivery.content);
  if (tooLarge) return { problem: `MESSAGE_TOO_LARGE: ${tooLarge}` };
  const contract = contracts.get(type ?? '');
  if (!contract) {
    const allowed = [...contracts.keys()].join(', ');
    const found = type === undefined ? 'no type' : `the type ${type.slice(0, 100)}`;
    return { problem: `MESSAGE_TYPE_UNKNOWN: it has ${found}; this queue carries ${allowed}` };
  }
  const body = parseJson(delivery.content);
  if (!body) return { problem: 'MESSAGE_MALFORMED: the body is not JSON in UTF-8' };
  const payload = check(contract, body.value);
  if ('problem' in payload) return payload;
  const { headers } = delivery.properties;
  const traceparent = TRACE_CONTEXT.safeParse(headers?.['traceparent']).data;
  return {
    message: {
      type: contract.type,
      payload: payload.value,
      messageId: id ?? '',
      subject: subject ?? '',
      time: time ?? '',
      redelivered: delivery.fields.redelivered,
      deliveryCount: deliveryCountOf(delivery),
      ...(traceparent === undefined ? {} : { traceparent }),
      headers: headers ?? {},
      signal,
    },
  };
}

/** How often a quorum queue handed the message out before. */
export function deliveryCountOf({ properties }: ConsumeMessage): number {
  const count: unknown = properties.headers?.['x-delivery-count'];
  return typeof count === 'number' ? count : 0;
}

function parseJson(content: Buffer): { readonly value: unknown } | undefined {
  if (!isUtf8(content)) return undefined;
  try {
    return { value: JSON.parse(content.toString('utf8')) };
  } catch {
    return undefined;
  }
}

function check(
  contract: Contract,
  value: unknown,
): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: parsePayload(contract, value) };
  } catch (error) {
    if (!(error instanceof BackboneError)) throw error;
    return { problem: `${error.code}: ${error.message}` };
  }
}
