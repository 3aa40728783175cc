import { isNativeError } from 'node:util/types';
import { BackboneError } from '@askflash/agent-kit';
import { fetch, type Dispatcher, type Response } from 'undici';
import { PageForbiddenError, PageUnreadableError } from '../errors';
import { readBounded } from './read-bounded';

/** How much of a page is read. */
export interface PageLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

/** A page as it came. */
export interface FetchedPage {
  /** A file name's ending that tells how it is read: `.html`. */
  readonly ending: string;
  readonly text: string;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'text/html': '.html',
  'application/xhtml+xml': '.html',
  'text/plain': '.txt',
  'text/markdown': '.md',
};
const HEADERS = {
  accept: `${Object.keys(ENDINGS).join(', ')};q=0.9`,
  'user-agent': 'askflash-websearch/1.0',
};

/**
 * Fetches a page, and each it redirects to, through a dispatcher that guards every connection.
 *
 * @throws {PageForbiddenError} or {@link PageUnreadableError}
 */
export async function fetchPage(
  url: string,
  dispatcher: Dispatcher,
  { timeoutMs, maxBytes, maxRedirects }: PageLimits,
  signal: AbortSignal,
): Promise<FetchedPage> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    let target = checked(url);
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const response = await fetch(target, {
        dispatcher,
        headers: HEADERS,
        redirect: 'manual',
        signal: either,
      });
      const location = redirectOf(response);
      if (location === undefined) return await read(response, maxBytes);
      await response.body?.cancel();
      target = checked(location, target);
    }
    throw new PageUnreadableError(`It redirects more than ${maxRedirects} times`);
  } catch (error) {
    throw explained(error, either);
  }
}

/** @throws {PageForbiddenError} where it is not plain http or https */
function checked(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  const isPlain = url && url.username === '' && url.password === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url;
  throw new PageForbiddenError('Its URL is not plain http or https');
}

function redirectOf({ status, headers }: Response): string | undefined {
  return [301, 302, 303, 307, 308].includes(status)
    ? (headers.get('location') ?? undefined)
    : undefined;
}

async function read(response: Response, maxBytes: number): Promise<FetchedPage> {
  const contentType = response.headers.get('content-type') ?? '';
  const ending = ENDINGS[contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''];
  const length = Number(response.headers.get('content-length') ?? 0);
  try {
    if (!response.ok) throw new PageUnreadableError(`It answers ${response.status}`);
    if (!ending) throw new PageUnreadableError(`It is of type ${contentType || 'unknown'}`);
    if (length > maxBytes) throw new PageUnreadableError(`It is larger than ${maxBytes} bytes`);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  const body = await readBounded(response.body, maxBytes);
  return { ending, text: decode(body, /;\s*charset="?([\w-]+)/i.exec(contentType)?.[1]) };
}

/** A charset that is not known, or not named, is taken for UTF-8. */
function decode(body: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

/** `fetch` wraps what a connection failed with. */
function explained(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof BackboneError) return error;
  if (isNativeError(error) && error.cause instanceof BackboneError) return error.cause;
  const why = signal.aborted ? 'It takes too long' : 'It cannot be reached';
  return new PageUnreadableError(why, { cause: error });
}
