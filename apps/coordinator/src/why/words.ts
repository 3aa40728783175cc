/** A span of time, as people say it; of one that has passed, its length. */
export function span(ms: number): string {
  const length = Math.abs(ms);
  if (length < 1_000) return `${Math.round(length)} ms`;
  if (length < 60_000) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  const minutes = Math.floor(length / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((length % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 message`, `2 messages`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part).join(' and ');
}
