import { createHash } from 'node:crypto';
import type { Environment } from '../environment';
import { endpointOf } from './endpoint';
import { isLoopback } from './loopback';
import { KNOWN_PASSWORDS, isWeakPassword } from './weak-password';

/** Lets what is sent be read, on a network that is private by itself. */
export const ALLOW_PLAIN_TEXT = 'ALLOW_PLAIN_TEXT';
/** Lets everybody in who has read a manual, for development. */
export const ALLOW_DEFAULT_SECRETS = 'ALLOW_DEFAULT_SECRETS';

/**
 * What makes a value that is well-formed unsafe where the app runs, as a sentence that goes on after
 * the variable's name; undefined where it is safe. It never repeats the value.
 */
export type Hazard<Value> = (value: Value, environment: Environment) => string | undefined;

const allows = (environment: Environment, name: string) => environment[name] === 'true';

/** Of a URL that is connected to: who may listen in on the way, and who may log in by guessing. */
export const endpointHazard: Hazard<string> = (text, environment) => {
  const { hosts, isSecure, hasLogin, password } = endpointOf(text);
  if (hosts.every(isOfThisMachine)) return undefined;
  if (!isSecure && !allows(environment, ALLOW_PLAIN_TEXT)) {
    return `leads to another machine in plain text: ${secureForm(text)}, or set ${ALLOW_PLAIN_TEXT}=true where the network is private`;
  }
  if (isSecure && environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    return 'leads to another machine whose certificate nobody checks: remove NODE_TLS_REJECT_UNAUTHORIZED, and name a CA of your own with NODE_EXTRA_CA_CERTS';
  }
  if (hasLogin && isWeakPassword(password) && !allows(environment, ALLOW_DEFAULT_SECRETS)) {
    return 'logs in to another machine with a default password, a placeholder or none: it needs a random one of 16 characters or more';
  }
  return undefined;
};

/** Of the address that an HTTP API listens on. */
export const listeningHazard: Hazard<string> = (host, environment) => {
  if (isLoopback(host) || environment['HTTP_TLS_CERT_FILE']) return undefined;
  if (allows(environment, ALLOW_PLAIN_TEXT)) return undefined;
  return `lets other machines in, in plain text: set HTTP_TLS_CERT_FILE and HTTP_TLS_KEY_FILE, or set ${ALLOW_PLAIN_TEXT}=true where the network is private`;
};

/** Of the logins that a job makes users of, at servers where others could try them. */
export const loginsHazard: Hazard<
  readonly { readonly user: string; readonly password: string }[]
> = (logins, environment) => {
  if (SERVERS.every((name) => isHere(name, environment))) return undefined;
  if (allows(environment, ALLOW_DEFAULT_SECRETS)) return undefined;
  const weak = logins.filter(({ password }) => isWeakPassword(password)).map(({ user }) => user);
  return weak.length === 0
    ? undefined
    : `gives ${weak.join(', ')} a default password or a placeholder: each needs a random one of 16 characters or more`;
};

/** Of the keys of HTTP APIs, of which only the hashes are known. */
export const apiKeysHazard: Hazard<readonly { readonly hash: string }[]> = (keys, environment) => {
  if (isLoopback(environment['HTTP_HOST'] || '127.0.0.1')) return undefined;
  if (allows(environment, ALLOW_DEFAULT_SECRETS)) return undefined;
  const known = new Set([...KNOWN_PASSWORDS].map(sha256));
  return keys.some(({ hash }) => known.has(hash))
    ? 'has the key of development or of a manual, and HTTP_HOST lets other machines in: make one with `npm run api-key`'
    : undefined;
};

/** Where the jobs make users. */
const SERVERS = ['DATABASE_URL', 'RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL'];

/** Whether a server is on this machine, as one is that nobody names. */
function isHere(name: string, environment: Environment): boolean {
  if (environment[`${name}_FILE`]) return false;
  const url = environment[name];
  return !url || (URL.canParse(url) && endpointOf(url).hosts.every(isOfThisMachine));
}

/** A host, or the folder of a Unix socket. */
function isOfThisMachine(host: string): boolean {
  return host.startsWith('/') || isLoopback(host);
}

function secureForm(text: string): string {
  const scheme = new URL(text).protocol.slice(0, -1);
  if (scheme.startsWith('postgres')) return 'add ?sslmode=verify-full to it';
  return `begin it with ${scheme}s://`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
