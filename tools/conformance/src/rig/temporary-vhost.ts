import { newId } from '@askflash/config';
import { RabbitmqManagement, TOPOLOGY, toDefinitions } from '@askflash/messaging';

const PREFIX = 'conformance-';

/** No run takes this long. */
const LEFTOVER_AGE_MS = 3_600_000;

/** A virtual host of one run’s own, with the backbone’s topology: nobody else is on its queues. */
export interface TemporaryVhost {
  readonly url: string;
  delete(): Promise<void>;
}

/**
 * Makes one on the broker that the URLs name, and deletes those that runs which were killed have left.
 *
 * @throws {ManagementUnavailableError}
 */
export async function createTemporaryVhost(urls: {
  readonly rabbitmqUrl: string;
  readonly rabbitmqManagementUrl: string;
}): Promise<TemporaryVhost> {
  const management = new RabbitmqManagement(urls.rabbitmqManagementUrl);
  for (const leftover of (await management.vhosts()).filter(isLeftover)) {
    await management.deleteVhost(leftover);
  }
  const url = new URL(urls.rabbitmqUrl);
  const name = `${PREFIX}${newId()}`;
  try {
    await management.createVhost(name, decodeURIComponent(url.username));
    await management.importDefinitions(name, toDefinitions(TOPOLOGY, name));
  } catch (error) {
    await management.deleteVhost(name).catch(() => undefined);
    throw error;
  }
  url.pathname = `/${name}`;
  return { url: url.href, delete: () => management.deleteVhost(name) };
}

/** The id in the name is a UUIDv7, which begins with its time. */
function isLeftover(name: string): boolean {
  if (!name.startsWith(PREFIX)) return false;
  const madeAt = parseInt(name.slice(PREFIX.length).replaceAll('-', '').slice(0, 12), 16);
  return Date.now() - madeAt > LEFTOVER_AGE_MS;
}
