import type { Passage } from '@askflash/agent-kit';
import * as fc from 'fast-check';
import { NOTHING_FOUND, compose } from './compose';
import { quotesFor } from './quotes';

const passage = (text: string, over: Partial<Passage> = {}): Passage => ({
  path: 'use.md',
  heading: 'Use',
  text,
  score: 1,
  ...over,
});
const answer = (query: string, ...findings: Passage[][]) =>
  compose(quotesFor(query, findings)).output;

describe('an extractive answer', () => {
  it('quotes the sentences that bear on the query, each with its source', () => {
    const { answer: text, sources } = answer('How do I stop the stack?', [
      passage('The stack is large. To stop the stack run `npm stop`. Birds sing.', { score: 9 }),
      passage('Stopping the stack keeps its data. Fish swim.', { path: 'data.md', score: 8 }),
    ]);
    expect(text).toBe(
      'To stop the stack run `npm stop`. [1]\n\nStopping the stack keeps its data. [2]',
    );
    expect(sources).toEqual([
      { path: 'use.md', heading: 'Use' },
      { path: 'data.md', heading: 'Use' },
    ]);
  });

  it('finds commands under a telling heading, and keeps them readable', () => {
    const { answer: text } = answer('How do I stop the stack?', [
      passage('```sh\nnpm stop\n```', { heading: 'Commands › Stop the stack' }),
    ]);
    expect(text).toBe('Commands › Stop the stack [1]:\n\n```sh\nnpm stop\n```');
  });

  it('names a source once, however many quotes are from it', () => {
    const { answer: text, sources } = answer('queue limit', [
      passage('A queue has a limit. Each limit of a queue is a policy.'),
      passage('The limit of the queue is 10.', { score: 0.99 }),
    ]);
    expect(text.match(/\[1\]/g)).toHaveLength(3);
    expect(sources).toEqual([{ path: 'use.md', heading: 'Use' }]);
  });

  it('says what is said twice only once', () => {
    const { answer: text } = answer('queue limit', [
      passage('A queue has a limit.'),
      passage('A queue has a limit.', { path: 'copy.md', score: 0.9 }),
    ]);
    expect(text).toBe('A queue has a limit. [1]');
  });

  it('says so where nothing was found, or nothing that holds enough of the query', () => {
    const nothing = { answer: NOTHING_FOUND, sources: [] };
    expect(answer('How do I boil rice?')).toEqual(nothing);
    expect(answer('How do I boil rice?', [])).toEqual(nothing);
    expect(answer('What is it?', [passage('It is.')])).toEqual(nothing);
    expect(
      answer('boil basmati rice gently', [
        passage('Handle the server gently.', { heading: '', path: 'a.md' }),
      ]),
    ).toEqual(nothing);
  });

  it('weighs findings of several stages alike, whatever their scores are', () => {
    const { sources } = answer(
      'queue limit',
      [passage('A queue limit is a policy.', { score: 1000 })],
      [passage('Know the queue limit before you start.', { path: 'https://x.test/', score: 0.1 })],
    );
    expect(sources.map(({ path }) => path)).toEqual(['use.md', 'https://x.test/']);
  });

  it('invents nothing: each line is in its source, and the pieces make the answer', () => {
    const word = fc.constantFrom('queue', 'limit', 'stack', 'npm', 'stop', 'the', 'of');
    const sentence = fc
      .array(word, { minLength: 1, maxLength: 8 })
      .map((words) => `${words.join(' ')}.`);
    const text = fc.array(fc.oneof(sentence, fc.constant('```\nnpm stop\n```')), {
      minLength: 1,
      maxLength: 6,
    });
    const passages = fc.array(
      fc.record({
        path: fc.constantFrom('a.md', 'b.md'),
        heading: fc.constantFrom('', 'Stop', 'Queue › Limit'),
        text: text.map((parts) => parts.join('\n\n')),
        score: fc.double({ min: 0, max: 100, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(sentence, passages, (query, found) => {
        const quotes = quotesFor(query, [found]);
        expect(quotesFor(query, [found])).toEqual(quotes);
        const { pieces, output } = compose(quotes);
        expect(pieces.join('')).toBe(output.answer);
        for (const { unit, source } of quotes) {
          const origin = found.filter(
            ({ path, heading }) => path === source.path && heading === source.heading,
          );
          expect(origin.some((one) => one.text.includes(unit.text))).toBe(true);
          expect(output.sources).toContainEqual(source);
        }
      }),
    );
  });
});
