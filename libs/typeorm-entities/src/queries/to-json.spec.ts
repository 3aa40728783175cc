import fc from 'fast-check';
import { toJson } from './to-json';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\0', '\\', 'u0000', '\\u0000', '\ud800', '\udfff', '\ud83d\ude00', '"', '\n'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});

describe('toJson', () => {
  it('replaces what PostgreSQL cannot hold, and leaves everything else as it is', () => {
    fc.assert(
      fc.property(text, (each) => {
        const held = Buffer.from(each).toString().replaceAll('\0', '\ufffd');
        expect(JSON.parse(toJson([{ each }]))).toEqual([{ each: held }]);
      }),
      { numRuns: 2000 },
    );
  });

  it('replaces it in keys too', () => {
    expect(JSON.parse(toJson({ 'a\0': 1 }))).toEqual({ 'a\ufffd': 1 });
  });
});
