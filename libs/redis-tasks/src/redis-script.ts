import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client';

/** A Lua script: sent by its hash, and in full where Redis does not know it (yet, or any more). */
export class RedisScript {
  readonly #sha: string;

  constructor(
    readonly name: string,
    readonly keyCount: number,
    readonly lua: string,
  ) {
    this.#sha = createHash('sha1').update(lua).digest('hex');
  }

  async run(
    client: RedisClient,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    try {
      return await client.evalsha(this.#sha, this.keyCount, ...keys, ...values);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await client.eval(this.lua, this.keyCount, ...keys, ...values);
    }
  }
}
