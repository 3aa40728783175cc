/** The largest body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** How deep arrays and objects may be nested. */
export const MAX_BODY_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** What is wrong with the size or the nesting of a JSON body, found without parsing it; else undefined. */
export function bodyLimitProblem(body: Buffer): string | undefined {
  if (body.length > MAX_BODY_BYTES) {
    return `the body has ${body.length} bytes, ${MAX_BODY_BYTES} are allowed`;
  }
  if (isDeeperThan(MAX_BODY_DEPTH, body)) {
    return `the body is nested deeper than ${MAX_BODY_DEPTH} levels`;
  }
  return undefined;
}

/** Whether JSON text nests arrays and objects deeper than a limit; brackets in strings do not count. */
export function isDeeperThan(limit: number, json: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) depth -= 1;
  }
  return false;
}
