const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|No|Fig)\.\s*$/;

/**
 * The sentences of one paragraph, trimmed, in order. A full stop inside inline code
 * (`` `a. B` ``), or that ends an abbreviation such as `e.g.`, ends no sentence.
 */
export function sentencesOf(paragraph: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const { segment } of segmenter.segment(paragraph.replace(/\s+/g, ' '))) {
    open += segment;
    const inCode = (open.match(/`/g)?.length ?? 0) % 2 === 1;
    if (inCode || ABBREVIATION.test(open)) continue;
    sentences.push(open.trim());
    open = '';
  }
  return [...sentences, open.trim()].filter((sentence) => sentence !== '');
}
