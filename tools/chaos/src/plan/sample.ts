import fc from 'fast-check';

/** One value of an arbitrary, the same for the same seed; no value is likelier than others. */
export function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(fc.noBias(arbitrary), { seed, numRuns: 1 });
  if (value === undefined) throw new TypeError('A sample of one has one value');
  return value;
}
