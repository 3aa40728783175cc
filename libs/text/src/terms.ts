import { stem } from './stem';
import { STOP_WORDS } from './stop-words';

const WORD = /[\p{L}\p{N}]+/gu;
const COMPOUND = /\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}{2}/u;
const PARTS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu;

/**
 * The terms somebody searches for: words in lower case, without accents, stop words left out,
 * stemmed, in the order of the text. Punctuation parts words, so that `embedding_lookup` and
 * `npm stop` are two terms each.
 */
export function queryTerms(text: string): string[] {
  return wordsOf(text).flatMap((word) => toTerm(word));
}

/**
 * The terms a text is found by: as {@link queryTerms}, and besides the parts of a compound name
 * (`readFile` is found as a whole, by `read` and by `file`).
 */
export function textTerms(text: string): string[] {
  return wordsOf(text).flatMap((word) => {
    const parts = COMPOUND.test(word) ? (word.match(PARTS) ?? []) : [];
    return [word, ...parts].flatMap((part) => toTerm(part));
  });
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .match(WORD) ?? []
  );
}

function toTerm(word: string): string[] {
  const lower = word.toLowerCase();
  return STOP_WORDS.has(lower) ? [] : [stem(lower)];
}
