const VOWEL = /[aeiouy]/;
const DOUBLED = /([bdfgmnprt])\1$/;

/**
 * Brings the forms of an English word to one stem, so that `stopping` finds `stop` and
 * `configuration` finds `configure`. Light on purpose: it takes off endings of inflection and the
 * `-ate`/`-ation` family, and leaves what it is not sure of; a stem need not be a word.
 *
 * @param word in lower case
 */
export function stem(word: string): string {
  if (word.length < 3 || /[^a-z]/.test(word)) return word;
  const singular = withoutPlural(word);
  return withoutVerbEnding(singular);
}

function withoutPlural(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (/..ie[sd]$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function withoutVerbEnding(word: string): string {
  const family = /^(.{2,}[^aeiou])(?:ation|ator|ating|ated|ate)$/.exec(word);
  if (family?.[1] && VOWEL.test(family[1])) return family[1];
  const noun = /^(.{2,}[st])ion$/.exec(word);
  if (noun?.[1]) return noun[1];
  const inflected = /^(.{2,})(?:ing|ed)$/.exec(word);
  if (inflected?.[1] && VOWEL.test(inflected[1])) {
    return inflected[1].replace(DOUBLED, '$1').replace(/e$/, '');
  }
  const adverb = /^(.{4,})ly$/.exec(word);
  if (adverb?.[1]) return adverb[1].replace(/ical$/, 'ic').replace(/e$/, '');
  return word.replace(/e$/, '');
}
