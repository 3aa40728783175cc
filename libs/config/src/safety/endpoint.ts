/** A server that a URL leads to, as far as it matters for what may be sent there. */
export interface Endpoint {
  /** Every host it may connect to. */
  readonly hosts: readonly string[];
  /** Whether what is sent is encrypted, and the server's certificate checked. */
  readonly isSecure: boolean;
  /** Whether the URL logs in; one of a server that everybody logs in to always does. */
  readonly hasLogin: boolean;
  readonly password: string;
}

const SECURE = ['amqps:', 'rediss:', 'https:'];
const WITH_LOGIN = ['postgres:', 'postgresql:', 'amqp:', 'amqps:', 'redis:', 'rediss:'];

/** Reads a URL as the clients do; what its query says counts more than what stands before it. */
export function endpointOf(text: string): Endpoint {
  const url = new URL(text);
  const { protocol, searchParams } = url;
  const isPostgres = protocol.startsWith('postgres');
  const first = (isPostgres ? searchParams.getAll('host').at(-1) : undefined) ?? url.hostname;
  const others = searchParams.getAll('node').map((node) => node.replace(/:\d+$/, ''));
  const password = searchParams.getAll('password').at(-1) ?? decode(url.password);
  return {
    hosts: [first, ...others],
    isSecure: isPostgres ? isVerified(searchParams) : SECURE.includes(protocol),
    hasLogin: WITH_LOGIN.includes(protocol) || password !== '',
    password,
  };
}

/** The one mode of PostgreSQL's in which the certificate and its host name are checked. */
function isVerified(parameters: URLSearchParams): boolean {
  const modes = parameters.getAll('sslmode');
  return modes.length > 0 && modes.every((mode) => mode === 'verify-full');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
