/** Signs that a query is about the day or about the public web. */
const SIGNS: readonly RegExp[] = [
  /\b(today|tonight|yesterday|tomorrow|right now|nowadays|these days)\b/,
  /\b(this|last|next) (week|month|year|weekend|season)\b/,
  /\b(latest|newest|most recent|breaking|up-to-date)\b/,
  /\bas of (now|today|20\d\d)\b/,
  /\b(news|headlines|weather|forecast|stock price|share price|exchange rate|election)\b/,
  /\b(on|from|in|search) the (web|internet)\b|\bonline\b|\bgoogle\b/,
  /\bhttps?:\/\/\S+/,
];

/** Whether a query, in lower case, asks for what only the web can know. */
export function needsWeb(text: string): boolean {
  return SIGNS.some((sign) => sign.test(text));
}
