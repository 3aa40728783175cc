import * as fc from 'fast-check';
import type { Block } from './block';
import { MAX_PASSAGE_LENGTH, passagesOf } from './passages';

const heading = (level: number, text: string): Block => ({ kind: 'heading', level, text });
const paragraph = (text: string): Block => ({ kind: 'paragraph', text });

describe('passagesOf', () => {
  it('makes a passage of each section, under its trail of headings', () => {
    const passages = passagesOf([
      paragraph('Before.'),
      heading(1, 'Guide'),
      heading(2, 'Start'),
      paragraph('Run it:'),
      { kind: 'code', text: '```\nnpm start\n```' },
      heading(3, 'Options'),
      { kind: 'item', text: '- one' },
      { kind: 'item', text: '- two' },
      heading(2, 'Stop'),
      paragraph('Stop it.'),
    ]);
    expect(passages).toEqual([
      { headings: [], text: 'Before.' },
      { headings: ['Guide', 'Start'], text: 'Run it:\n\n```\nnpm start\n```' },
      { headings: ['Guide', 'Start', 'Options'], text: '- one\n- two' },
      { headings: ['Guide', 'Stop'], text: 'Stop it.' },
    ]);
  });

  it('cuts long code at its lines and fences every piece', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `call(${index});`);
    const passages = passagesOf([{ kind: 'code', text: `\`\`\`js\n${lines.join('\n')}\n\`\`\`` }]);
    expect(passages.length).toBeGreaterThan(1);
    const code = passages.map(({ text }) => {
      expect(text).toMatch(/^```js\n[\s\S]*\n```$/);
      return text.slice('```js\n'.length, -'\n```'.length);
    });
    expect(code.join('\n')).toBe(lines.join('\n'));
  });

  it('keeps every word, and every passage within its length', () => {
    const block = fc.oneof(
      fc.string({ maxLength: 4000 }).map(paragraph),
      fc
        .array(fc.constantFrom('word', 'x'.repeat(1500)), { maxLength: 900 })
        .map((words) => paragraph(words.join(' '))),
      fc.nat(5).map((level) => heading(level + 1, 'Heading')),
    );
    const dense = (texts: readonly string[]) => texts.join('').replace(/\s+/g, '');
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const passages = passagesOf(blocks);
        expect(dense(passages.map(({ text }) => text))).toBe(
          dense(blocks.filter(({ kind }) => kind !== 'heading').map(({ text }) => text)),
        );
        for (const { text } of passages)
          expect(text.length).toBeLessThanOrEqual(MAX_PASSAGE_LENGTH);
      }),
    );
  });
});
