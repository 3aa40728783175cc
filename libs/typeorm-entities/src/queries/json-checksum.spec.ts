import type { JsonObject } from '@askflash/contracts';
import fc from 'fast-check';
import { jsonChecksum } from './json-checksum';

const objects = fc.dictionary(fc.string(), fc.jsonValue());

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

const parsed = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value));

describe('jsonChecksum', () => {
  it('is the same whatever the order of keys, at any depth', () => {
    fc.assert(
      fc.property(objects, (value) => {
        expect(jsonChecksum(parsed(reversed(value)))).toBe(jsonChecksum(parsed(value)));
      }),
    );
  });

  it.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ])('differs for %j and %j', (one, other) => {
    expect(jsonChecksum(parsed(one))).not.toBe(jsonChecksum(parsed(other)));
  });
});
