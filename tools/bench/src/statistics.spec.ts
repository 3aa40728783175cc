import fc from 'fast-check';
import { median, percentile } from './statistics';

const some = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 2, 1, 4], 3],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of none is not a number', () => {
    expect(median([])).toBeNaN();
  });

  it('has as many values below as above', () => {
    fc.assert(
      fc.property(some, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_none, index) => 100 - index);

  it.each([
    [50, 50],
    [99, 99],
    [100, 100],
    [0, 1],
  ])('%d of the numbers 1 to 100 is %d', (percent, expected) => {
    expect(percentile(hundred, percent)).toBe(expected);
  });

  it('of none is not a number', () => {
    expect(percentile([], 99)).toBeNaN();
  });

  it('is one of the values, and grows with the percentage', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        expect(values).toContain(percentile(values, percent));
        expect(percentile(values, percent)).toBeLessThanOrEqual(percentile(values, 100));
      }),
    );
  });
});
