import type { Passage } from '@askflash/agent-kit';
import * as fc from 'fast-check';
import { CitedText } from './cited-text';

const passage = (path: string, heading = ''): Passage => ({ path, heading, text: '', score: 1 });
const PASSAGES = [passage('a.md'), passage('b.md', 'Two'), passage('a.md'), passage('c.md')];

function check(...pieces: string[]) {
  const text = new CitedText(PASSAGES);
  const shown = pieces.map((piece) => text.push(piece)).join('') + text.end();
  return { shown, paths: text.sources.map(({ path }) => path) };
}

describe('CitedText', () => {
  it('numbers sources in the order they are cited in, each place once', () => {
    expect(check('Four. [4] One. [1] Three. [3] Two. [2]')).toEqual({
      shown: 'Four. [1] One. [2] Three. [2] Two. [3]',
      paths: ['c.md', 'a.md', 'b.md'],
    });
  });

  it.each([
    ['All. [2, 4]', 'All. [1][2]'],
    ['All. [1][3]', 'All. [1][1]'],
    ['All. [1; 3]', 'All. [1]'],
    ['None. [9] Next.', 'None. Next.'],
    ['None [0].', 'None.'],
    ['Some. [9, 2]', 'Some. [1]'],
    ['[5] Begins.', ' Begins.'],
    ['[ [7]3] and [2, [9] 1]', '[…3] and [2,… 1]'],
    ['A [link](x) and [note]. [', 'A [link](x) and [note]. ['],
    ['Too large. [99999999999999999999]', 'Too large.'],
  ])('makes of %j: %j', (text, expected) => {
    expect(check(text).shown).toBe(expected);
  });

  it.each(['Call `list[9]` or ``a`[9]``.', 'So:\n\n```js\nlist[9] = `x`;\n```\n', '```\nopen [9]'])(
    'leaves code alone: %j',
    (text) => {
      expect(check(text)).toEqual({ shown: text, paths: [] });
    },
  );

  it('takes a stray backtick for no code beyond its line', () => {
    expect(check('A ` stray [9]\nand on. [9]').shown).toBe('A ` stray [9]\nand on.');
  });

  it('gives the same however the text is cut, and never cites what is not there', () => {
    const part = fc.constantFrom(
      'word',
      ' ',
      '[1]',
      ' [7]',
      '[2,',
      '3]',
      '[',
      ']',
      '`',
      '```',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.array(part),
        fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
        (parts, cuts) => {
          const whole = parts.join('');
          const pieces: string[] = [];
          for (let at = 0; at < whole.length;) {
            const length = cuts.next().value ?? 1;
            pieces.push(whole.slice(at, at + length));
            at += length;
          }
          const { shown, paths } = check(...pieces);
          expect({ shown, paths }).toEqual(check(whole));
          if (!whole.includes('`')) {
            const numbers = [...shown.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number));
            expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(paths.length);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('keeps nothing back that cannot become a citation', () => {
    const text = new CitedText(PASSAGES);
    expect(['Run', ' it', ' [', '1', ']', '.'].map((piece) => text.push(piece))).toEqual([
      'Run',
      ' it',
      '',
      '',
      ' [1]',
      '.',
    ]);
  });
});
