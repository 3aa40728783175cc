import type { ExecutorOutput, Source } from '@askflash/agent-kit';
import type { Quote } from './quotes';

/** What is said where no document bears on the query. */
export const NOTHING_FOUND = 'I found nothing about this in the documents.';

/** An answer in the pieces it is streamed in, and as a whole. */
export interface ComposedAnswer {
  /** Joined they are the answer. */
  readonly pieces: readonly string[];
  readonly output: ExecutorOutput;
}

/** Sets quotes out as an answer; each is followed by the number of its source, `[1]` the first. */
export function compose(quotes: readonly Quote[]): ComposedAnswer {
  if (quotes.length === 0) {
    return { pieces: [NOTHING_FOUND], output: { answer: NOTHING_FOUND, sources: [] } };
  }
  const sources = new Map<string, Source>();
  const pieces = quotes.map((quote, index) => {
    const key = JSON.stringify([quote.source.path, quote.source.heading]);
    if (!sources.has(key)) sources.set(key, quote.source);
    const number = [...sources.keys()].indexOf(key) + 1;
    return separator(quotes[index - 1], quote) + cited(quote, number);
  });
  return { pieces, output: { answer: pieces.join(''), sources: [...sources.values()] } };
}

function separator(previous: Quote | undefined, { passage, unit }: Quote): string {
  if (!previous) return '';
  if (previous.passage !== passage || previous.unit.kind !== unit.kind) return '\n\n';
  return { prose: ' ', item: '\n', block: '\n\n' }[unit.kind];
}

/** The number stands after the first line, for nothing may follow a fence; bare code gets a title. */
function cited({ unit, source }: Quote, number: number): string {
  if (unit.text.startsWith('```')) {
    return `${source.heading || source.path} [${number}]:\n\n${unit.text}`;
  }
  const [line = '', ...rest] = unit.text.split('\n');
  return [`${line} [${number}]`, ...rest].join('\n');
}
