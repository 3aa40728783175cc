import { validateTemplate } from '@askflash/dag-templates';
import fc from 'fast-check';
import { FAULTS } from '../faults/all';
import { makePlan } from './plan';

const anySeed = fc.nat();

function planOf(seed: number, minutes = 1) {
  return makePlan({ seed, minutes, rate: 12, hasPrevious: false });
}

describe('makePlan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf(1, 30)).toEqual(planOf(1, 30));
    expect(planOf(1).rounds).not.toEqual(planOf(2).rounds);
  });

  it('makes every kind of fault, at what there is, while the round lasts', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { rounds, layout } = planOf(seed);
        for (const { faults, forMs } of rounds) {
          expect(new Set(faults.map(({ kind }) => kind)).size).toBe(FAULTS.length);
          for (const { kind, target, atMs } of faults) {
            const fault = FAULTS.find((each) => each.kind === kind);
            expect(fault?.targets(layout)).toContain(target);
            expect(atMs).toBeLessThanOrEqual(forMs);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('has the default templates and random ones, all of them valid', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const { templates } = planOf(seed);
        expect(templates).toHaveLength(17);
        expect(templates.map((template) => validateTemplate(template).ok)).not.toContain(false);
      }),
      { numRuns: 20 },
    );
  });

  it('spares some in a long run, whose memory is watched', () => {
    const { layout, rounds } = planOf(1, 30);
    const spared = layout.places.filter((place) => place.spared).map(({ name }) => name);
    expect(spared).toEqual(['coordinator-spared', 'executor-spared']);
    const targets = rounds.flatMap(({ faults }) => faults.map(({ target }) => target));
    expect(targets.filter((target) => spared.includes(target))).toEqual([]);
  });
});
