import fc from 'fast-check';
import { FAULTS } from '../faults/all';
import type { PlannedFault } from '../faults/fault';
import type { Layout } from './layout';

/** So many faults a round, by time: every kind once before any comes again. */
export function plannedFaults(options: {
  readonly layout: Layout;
  readonly count: number;
  /** Between which moments of the round they begin, in milliseconds. */
  readonly between: readonly [number, number];
}): fc.Arbitrary<readonly PlannedFault[]> {
  const { layout, count, between } = options;
  const [min, max] = between;
  const all = fc.tuple(
    ...FAULTS.map(({ kind, targets, forMs: [shortest, longest] }) =>
      fc.array(
        fc.record({
          kind: fc.constant(kind),
          target: fc.constantFrom(...targets(layout)),
          atMs: fc.integer({ min, max }),
          forMs: fc.integer({ min: shortest, max: longest }),
          seed: fc.nat(),
        }),
        rounds(count),
      ),
    ),
  );
  const order = fc.array(
    fc.shuffledSubarray(
      FAULTS.map((_fault, index) => index),
      WHOLE,
    ),
    rounds(count),
  );
  return fc.tuple(all, order).map(([faults, turns]) =>
    turns
      .flatMap((turn, place) => turn.flatMap((index) => faults[index]?.[place] ?? []))
      .slice(0, count)
      .toSorted((one, other) => one.atMs - other.atMs),
  );
}

const WHOLE = { minLength: FAULTS.length, maxLength: FAULTS.length };

function rounds(count: number) {
  const length = Math.ceil(count / FAULTS.length);
  return { minLength: length, maxLength: length };
}
