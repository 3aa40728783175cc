/**
 * Whether an `Accept` header wants plain text rather than JSON: where it names plain text, and does
 * not like JSON better. https://www.rfc-editor.org/rfc/rfc9110#field.accept
 */
export function prefersText(accept = ''): boolean {
  const qualities = new Map(accept.toLowerCase().split(',').map(parseRange));
  const text = qualities.get('text/plain') ?? qualities.get('text/*') ?? 0;
  const json = qualities.get('application/json') ?? qualities.get('application/*') ?? 0;
  return text > json;
}

function parseRange(range: string): [type: string, quality: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return [type, quality === undefined ? 1 : Number(quality.slice(2)) || 0];
}
