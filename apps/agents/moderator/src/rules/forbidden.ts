/**
 * The phrases that a text holds. They are looked for as whole words, whatever their case, their
 * width and the white space and punctuation between their words.
 */
export function forbiddenIn(text: string, phrases: readonly string[]): string[] {
  const words = wordsOf(text);
  return phrases.filter((phrase) => {
    const wanted = wordsOf(phrase);
    return wanted.trim() !== '' && words.includes(wanted);
  });
}

/** In lower case, each after one space; with a space at the end. */
function wordsOf(text: string): string {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return ` ${words.join(' ')} `;
}
