import type { Contract, JsonObject } from '@askflash/contracts';
import fc from 'fast-check';
import { hostileBody, hostileText } from './hostile-values';

/** A message as bytes and headers, which need not be a CloudEvent. */
export interface RawMessage {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Values that AMQP knows besides text. */
const headerValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    ...[null, true, -1, 1e300, Buffer.from([0xff, 0x00]), [], [[['deep']]]],
    ...[{ a: { b: { c: 1 } } }, { '!': 'timestamp', value: 1 }, 'x'.repeat(20_000)],
  ),
);

const ATTRIBUTES = [
  'type',
  'id',
  'source',
  'subject',
  'time',
  'specversion',
  'datacontenttype',
].map((name) => `cloudEvents:${name}`);
const headerName = fc.constantFrom(
  ...[...ATTRIBUTES, 'traceparent', 'tracestate', 'x-delivery-count', 'x-death', '__proto__'],
);

/** Messages of a contract with something wrong about each: its headers, its body, or what it says. */
export function hostileMessages(contract: Contract, example: JsonObject): fc.Arbitrary<RawMessage> {
  const good = { 'cloudEvents:type': contract.type, 'cloudEvents:id': 'hostile' };
  const valid = Buffer.from(JSON.stringify(example));
  const headers = fc.oneof(
    { weight: 3, arbitrary: fc.constant(good) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(headerName, headerValue)
        .map(([name, value]) => ({ ...good, ...Object.fromEntries([[name, value]]) })),
    },
  );
  return fc.record({ headers, body: fc.oneof(hostileBody(example), fc.constant(valid)) });
}

/** Whether a message keeps to one of the contracts, as a reader of the documentation has it. */
export function isWellFormed(
  { headers, body }: RawMessage,
  contracts: readonly Contract[],
): boolean {
  const contract = contracts.find(({ type }) => type === headers['cloudEvents:type']);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return contract?.schema.safeParse(JSON.parse(text)).success ?? false;
  } catch {
    return false;
  }
}
