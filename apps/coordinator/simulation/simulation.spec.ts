import { Logger } from '@nestjs/common';
import type { JsonObject } from '@askflash/contracts';
import { randomTemplate } from '@askflash/testing';
import fc from 'fast-check';
import type { Errand } from './clients';
import { findViolations } from './find-violations';
import { resetIds } from './ids';
import { KNOWN_RUNS } from './known-runs';
import { TEMPLATE_NAMES } from './templates';
import { World, type Run } from './world';

jest.mock('@askflash/typeorm-entities', () => ({
  ...jest.requireActual('@askflash/typeorm-entities'),
  ...jest.requireActual('./database-functions'),
}));
// Topology and schema are right; what they are is tested on real servers.
jest.mock('@askflash/messaging', () => ({
  ...jest.requireActual('@askflash/messaging'),
  awaitTopology: async () => undefined,
}));
// The pause before a batch is tried again is on the clock of the simulation too.
jest.mock('node:timers/promises', () => ({
  ...jest.requireActual('node:timers/promises'),
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));
jest.mock('@askflash/config', () => ({
  ...jest.requireActual('@askflash/config'),
  newId: jest.requireActual('./ids').newId,
}));

const RUN_COUNT = Number(process.env['ASKFLASH_SIMULATION_RUNS'] ?? 1_000);
const START = Date.UTC(2026, 0, 1);

const errand: fc.Arbitrary<Errand> = fc.record({
  template: fc.constantFrom(...TEMPLATE_NAMES, 'random', 'random'),
  input: fc.constantFrom<JsonObject[]>({}, { deep: true, web: true }),
  deadlineMs: fc.option(fc.integer({ min: 100, max: 20_000 }), { nil: undefined }),
  then: fc.constantFrom('nothing', 'abort', 'retry'),
});
const run: fc.Arbitrary<Run> = fc.record({
  errands: fc.array(errand, { minLength: 1, maxLength: 3 }),
  template: randomTemplate,
  choices: fc.array(fc.nat(100_000), { maxLength: 400, size: 'max' }),
});

/** What goes wrong in a run. */
async function play(one: Run): Promise<string[]> {
  resetIds();
  jest.useFakeTimers({ now: START, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const world = new World(one);
    const rested = await world.run();
    return [...(rested ? [] : ['I1: it comes to no rest']), ...findViolations(world)];
  } finally {
    jest.clearAllTimers();
    jest.useRealTimers();
  }
}

describe('coordinators whose servers, peers and clients fail in any order', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('keep their promises', async () => {
    await fc.assert(
      fc.asyncProperty(run, async (one) => expect(await play(one)).toEqual([])),
      { numRuns: RUN_COUNT },
    );
  }, 600_000);

  it.each(KNOWN_RUNS)('keep them where they once did not: $why', async ({ run: known }) => {
    expect(await play(known)).toEqual([]);
  });
});
