import * as fc from 'fast-check';
import { unitsOf } from './units';

const texts = (passage: string) => unitsOf(passage).map(({ text }) => text);

describe('unitsOf', () => {
  it('parts paragraphs into sentences and lists into items', () => {
    expect(unitsOf('One. Two.\n\nThree.\n\n- four. Still four.\n- five\n1. six')).toEqual([
      { kind: 'prose', text: 'One.' },
      { kind: 'prose', text: 'Two.' },
      { kind: 'prose', text: 'Three.' },
      { kind: 'item', text: '- four. Still four.' },
      { kind: 'item', text: '- five' },
      { kind: 'item', text: '1. six' },
    ]);
  });

  it('keeps code whole, with the sentence before it', () => {
    const code = '```sh\nnpm stop\n\n# A line. Another.\n```';
    expect(unitsOf(`All stays up. Stop it so:\n\n${code}\n\nData stays.`)).toEqual([
      { kind: 'prose', text: 'All stays up.' },
      { kind: 'block', text: `Stop it so:\n\n${code}` },
      { kind: 'prose', text: 'Data stays.' },
    ]);
    expect(unitsOf(`${code}\n\n${code}`).map(({ kind }) => kind)).toEqual(['block', 'block']);
  });

  it('keeps a list with the sentence that announces it, unless it is long', () => {
    expect(texts('Ways out:\n\n- one\n- two')).toEqual(['Ways out:\n\n- one\n- two']);
    expect(texts('Done.\n\n- one\n- two')).toEqual(['Done.', '- one', '- two']);
    const long = Array.from({ length: 80 }, (_, index) => `- item ${index}`);
    expect(texts(`Many:\n\n${long.join('\n')}`)).toEqual(['Many:', ...long]);
  });

  it('keeps a question with its answer', () => {
    expect(texts('Intro. May I? Yes. Do it.\n\nApart. Why? How?')).toEqual([
      'Intro.',
      'May I? Yes. Do it.',
      'Apart.',
      'Why?',
      'How?',
    ]);
  });

  it('loses nothing but white space', () => {
    const part = fc.constantFrom('A b. ', '\n\n', '- item\n', '```\ncode. x\n```', 'x:', '`');
    const dense = (text: string) => text.replace(/\s+/g, '');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const passage = parts.join('');
        expect(dense(texts(passage).join(''))).toBe(dense(passage));
      }),
    );
  });
});
