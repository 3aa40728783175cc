import { isNativeError } from 'node:util/types';
import { fetch } from 'undici';
import type { z } from 'zod';
import { SearchProviderUnavailableError } from '../errors';
import { readBounded } from '../pages/read-bounded';

/** A query as a provider takes it. */
interface ProviderRequest {
  readonly name: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Asks a provider, whose address is the operator's choice and may therefore be a private one. It is
 * not followed anywhere else: a redirect could take its key along.
 *
 * @throws {SearchProviderUnavailableError}
 */
export async function requestResults<Schema extends z.ZodType>(
  { name, url, headers, signal }: ProviderRequest,
  schema: Schema,
): Promise<z.output<Schema>> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new SearchProviderUnavailableError(`${name} answered ${response.status}`, {
        fields: { status: response.status },
      });
    }
    const body = await readBounded(response.body, MAX_BYTES);
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch (cause) {
    if (cause instanceof SearchProviderUnavailableError) throw cause;
    const isAnswer = isNativeError(cause) && ['SyntaxError', 'ZodError'].includes(cause.name);
    throw new SearchProviderUnavailableError(
      isAnswer ? `${name} answered something else than results` : `${name} could not be reached`,
      { cause },
    );
  }
}
