import fc from 'fast-check';
import { MAX_BODY_BYTES, bodyLimitProblem, isDeeperThan } from './body-limits';

/** The depth of a parsed value, the slow and plain way. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('isDeeperThan', () => {
  it('agrees with the parsed value, whatever stands in its strings', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.integer({ min: 0, max: 8 }), (json, limit) => {
        expect(isDeeperThan(limit, Buffer.from(json))).toBe(depthOf(JSON.parse(json)) > limit);
      }),
    );
  });

  it.each(['"[[[["', '"\\"[[["', '"\\\\\\"{{{"', '{"a":"]]]["}'])('skips strings: %s', (json) => {
    expect(isDeeperThan(1, Buffer.from(json))).toBe(false);
  });
});

describe('bodyLimitProblem', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

  it('allows 64 levels and 1 MiB, and nothing over', () => {
    expect(bodyLimitProblem(nested(64))).toBeUndefined();
    expect(bodyLimitProblem(nested(65))).toMatch(/deeper than 64/);
    expect(bodyLimitProblem(Buffer.alloc(MAX_BODY_BYTES))).toBeUndefined();
    expect(bodyLimitProblem(Buffer.alloc(MAX_BODY_BYTES + 1))).toMatch(/1048577 bytes/);
  });
});
