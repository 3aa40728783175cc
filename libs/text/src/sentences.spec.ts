import * as fc from 'fast-check';
import { sentencesOf } from './sentences';

describe('sentencesOf', () => {
  it('parts sentences', () => {
    expect(sentencesOf('Run `npm stop`. Data stays!\nDoes it? Yes.')).toEqual([
      'Run `npm stop`.',
      'Data stays!',
      'Does it?',
      'Yes.',
    ]);
  });

  it('parts nothing inside names, inline code and after abbreviations', () => {
    const sentence = 'Use Node.js 20.19, e.g. `a. B is. C`, as stage.completed.v1 says.';
    expect(sentencesOf(sentence)).toEqual([sentence]);
    expect(sentencesOf('Some servers, e.g. Redis, stay up.')).toHaveLength(1);
  });

  it('loses nothing but white space', () => {
    const dense = (text: string) => text.replace(/\s+/g, '');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(dense(sentencesOf(text).join(''))).toBe(dense(text));
      }),
    );
  });
});
