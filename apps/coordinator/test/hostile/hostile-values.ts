import type { JsonValue } from '@askflash/contracts';
import fc from 'fast-check';

/** Text that has broken something somewhere: parsers, paths, SQL, logs, terminals, prototypes. */
const NOTORIOUS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff x',
  '\u202e\u2066',
  '\ufeff',
  '\r\nx-injected: 1\r\n\r\n',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  '%ff%fe',
  '%c0%ae%c0%ae/',
  "' OR 1=1; DROP TABLE task_histories; --",
  '${jndi:ldap://127.0.0.1/a}',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  '\u001b[2J',
  'null',
  'NaN',
  '-0',
  '1e999',
  '019a0b6e-7c1d-7a3e-9f52-3d1f6a0c4b2',
  'Z'.repeat(300),
  '\u{1f469}'.repeat(5_000),
  `${'a'.repeat(50_000)}!`,
];

/** Text that nobody should have sent. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NOTORIOUS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** JSON text of a value that nobody should have sent; some of it no `JSON.stringify` would write. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        'null',
        'true',
        '[]',
        '{}',
        '[[]]',
        '-1',
        '0',
        '0.5',
        '-0',
        '1e999',
        '1e308',
        '-1e308',
        '1e-400',
      ],
      ...['2147483648', '9007199254740993', '9'.repeat(400), '[null]', '{"":{"":null}}'],
      ...['"\\u0000"', '"\\ud800"', '{"\\u0000":"\\udc00"}', '{"toString":1,"valueOf":1}'],
      ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}'],
      nested('[', ']', 60),
      nested('[', ']', 5_000),
      nested('{"a":', '}', 2_000),
    ),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

/** A valid document, made hostile in one place: a value, a key, or its bytes. */
export function hostileBody(example: JsonValue): fc.Arbitrary<Buffer> {
  const text = JSON.stringify(example);
  const place = fc.nat(countNodes(example) - 1);
  const key = hostileText.map((name) => JSON.stringify(name));
  const bytes = Buffer.from(text);
  const at = fc.nat(bytes.length);
  const asText = fc.oneof(
    fc.tuple(place, hostileJson).map(([index, json]) => replaceNode(example, index, json)),
    fc.tuple(key, hostileJson).map(([name, json]) => text.replace('{', () => `{${name}:${json},`)),
    fc.nat(text.length).map((length) => text.slice(0, length)),
    fc.constantFrom('', 'undefined', `${text}${text}`, `\ufeff${text}`, `[${text}]`, `/**/${text}`),
    fc.constantFrom(nested('[', '', 100_000), JSON.stringify('x'.repeat(1_100_000))),
  );
  return fc.oneof(
    { weight: 8, arbitrary: asText.map((hostile) => Buffer.from(hostile)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(at, fc.constantFrom([0xff], [0xc0, 0xae], [0xed, 0xa0, 0x80], [0x00]))
        .map(([index, wrong]) =>
          Buffer.concat([bytes.subarray(0, index), Buffer.from(wrong), bytes.subarray(index)]),
        ),
    },
  );
}

function nested(open: string, close: string, depth: number): string {
  return `${open.repeat(depth)}${open.endsWith(':') ? '1' : ''}${close.repeat(depth)}`;
}

const MARK = '\u0001here\u0001';

function replaceNode(value: JsonValue, place: number, json: string): string {
  let visited = -1;
  const marked = JSON.stringify(value, (_key, node: unknown) =>
    (visited += 1) === place ? MARK : node,
  );
  return marked.replace(JSON.stringify(MARK), () => json);
}

function countNodes(value: JsonValue): number {
  let count = 0;
  JSON.stringify(value, (_key, node: unknown) => {
    count += 1;
    return node;
  });
  return count;
}
