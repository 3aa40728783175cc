/**
 * JSON that PostgreSQL takes. Its text knows neither U+0000 nor half a surrogate pair, and one of
 * them, in whatever an agent answered, would fail the batch it is in, again and again. Either becomes
 * U+FFFD, the replacement character.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\u') ? json.replaceAll(UNSTORABLE, `$1${REPLACED}`) : json;
}

/** Stands in the JSON for what PostgreSQL cannot store. */
export const REPLACED = '\\ufffd';

/** JSON.stringify escapes both in lower case; a backslash that is escaped itself starts no escape. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;
