import { formatApiKey, type ApiKey } from '@askflash/config';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { bearerOf, passwordOf } from './authorization';
import type { Caller } from './caller';

/** Makes a key easy to find in a file it has no business in. */
const KEY_PREFIX = 'askflash_';
const KEY_BYTES = 32;

/** A key’s SHA-256. The key is random through and through, so a slow hash would add nothing. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Makes a key: what its holder sends, and the line under which the services know it. */
export function makeApiKey(about: Omit<ApiKey, 'hash'>): {
  readonly key: string;
  readonly line: string;
} {
  const key = `${KEY_PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { key, line: formatApiKey({ ...about, hash: hashOf(key).toString('hex') }) };
}

/** The keys a service knows. */
export class ApiKeys {
  private readonly keys: readonly { readonly caller: Caller; readonly hash: Buffer }[];

  constructor(keys: readonly ApiKey[]) {
    this.keys = keys.map(({ hash, ...caller }) => ({ caller, hash: Buffer.from(hash, 'hex') }));
  }

  /** Whether there are any; without one nobody has to show a key. */
  get configured(): boolean {
    return this.keys.length > 0;
  }

  /** Whose key it is; it takes the same time for every key, right or wrong. */
  find(key: string): Caller | undefined {
    const hash = hashOf(key);
    let found: Caller | undefined;
    for (const known of this.keys) {
      if (timingSafeEqual(known.hash, hash)) found = known.caller;
    }
    return found;
  }

  /** Whose key an `Authorization` header holds, as Bearer or as password. */
  findByHeader(authorization: string | undefined): Caller | undefined {
    const key = bearerOf(authorization) ?? passwordOf(authorization);
    return key === undefined ? undefined : this.find(key);
  }
}
