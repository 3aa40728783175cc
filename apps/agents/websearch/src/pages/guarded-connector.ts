import { lookup as resolve, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { PageForbiddenError } from '../errors';

/** Resolves a name to all its addresses. */
export type Resolve = (
  name: string,
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** What may be connected to. */
export interface GuardOptions {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve?: Resolve;
  readonly connectTimeoutMs: number;
}

const systemResolve: Resolve = (name, done) => resolve(name, { all: true }, done);

/**
 * Connects to allowed addresses only. The very addresses that were looked at are connected to, so
 * a name that resolves to another one a moment later gains nothing.
 */
export function guardedConnector({
  isAllowed,
  resolve = systemResolve,
  connectTimeoutMs,
}: GuardOptions): buildConnector.connector {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: guardedLookup(isAllowed, resolve),
  });
  return (options, callback) => {
    // An address is never looked up.
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) return callback(forbidden(host), null);
    return connect(options, callback);
  };
}

/** A name of which one address is not allowed is not connected to at all. */
function guardedLookup(isAllowed: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (name, options, callback) =>
    resolve(name, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error(`${name} has no address`), '');
      if (!addresses.every(({ address }) => isAllowed(address)))
        return callback(forbidden(name), '');
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
}

function forbidden(host: string): PageForbiddenError {
  return new PageForbiddenError(`${host} is not on a public address`, { fields: { host } });
}
