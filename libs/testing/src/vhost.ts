import { randomBytes } from 'node:crypto';
import { testServers } from './servers';

/** A RabbitMQ virtual host of one suite's own. */
export interface TestVhost {
  readonly name: string;
  readonly url: string;
  /** The management API; it spans all virtual hosts. */
  readonly managementUrl: string;
  delete(): Promise<void>;
}

/** Creates an empty virtual host for one suite. */
export async function createTestVhost(): Promise<TestVhost> {
  const { RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL } = testServers();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(RABBITMQ_URL);
  const user = decodeURIComponent(url.username);
  await manage('PUT', `vhosts/${name}`);
  await manage('PUT', `permissions/${name}/${encodeURIComponent(user)}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    managementUrl: RABBITMQ_MANAGEMENT_URL,
    delete: () => manage('DELETE', `vhosts/${name}`),
  };
}

async function manage(method: string, path: string, body?: unknown): Promise<void> {
  const base = new URL(testServers().RABBITMQ_MANAGEMENT_URL);
  const credentials = Buffer.from(
    `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`,
  ).toString('base64');
  const response = await fetch(new URL(`/api/${path}`, base.origin), {
    method,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} /api/${path}: ${response.status}`);
}
