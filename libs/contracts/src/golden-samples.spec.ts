import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACTS } from './messages/all';
import { sampleFileOf } from './sample-file';

/** A payload once published has to stay one for ever: a change that breaks a sample needs a new version. */
describe.each(CONTRACTS)('the golden sample of $type', ({ type, schema }) => {
  const file = join(__dirname, sampleFileOf(type));

  it(`is ${sampleFileOf(type)}`, () => {
    expect(existsSync(file)).toBe(true);
  });

  it('parses to itself', () => {
    const sample = read(file);
    expect(schema.parse(sample)).toEqual(sample);
  });

  it('does without none of the required fields, and with no unknown one', () => {
    const sample = read(file);
    const required = schema.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
    expect(required.length).toBeGreaterThan(0);
    for (const name of required) {
      const { [name]: removed, ...rest } = sample;
      expect([name, removed === undefined, schema.safeParse(rest).success]).toEqual([
        name,
        false,
        false,
      ]);
    }
    expect(schema.safeParse({ ...sample, extra: 1 }).success).toBe(false);
  });
});

describe('sampleFileOf', () => {
  it.each([
    ['stage.requested.v1', 'messages/stage-requested.sample.json'],
    ['stage.requested.v2', 'messages/stage-requested-v2.sample.json'],
  ])('finds the sample of %s', (type, file) => {
    expect(sampleFileOf(type)).toBe(file);
  });
});

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8'));
}
