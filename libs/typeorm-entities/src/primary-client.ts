import { nodeUrls } from '@askflash/config';
import { Client, type ClientConfig } from 'pg';
import { reasonOf } from './errors';
import { SteadyClient } from './steady-client';

/** SQLSTATE for a connection that could not be made, as it would come from the driver itself. */
const UNABLE_TO_CONNECT = '08001';

/**
 * A client of a database that has several nodes: it connects to the one that is the primary by then,
 * where `pg` knows one host only. A session needs no second look, because a server that stops being
 * the primary ends its sessions.
 */
export class PrimaryClient extends SteadyClient {
  // Out of sight of whoever prints a client: it holds the password.
  readonly #config: ClientConfig;

  constructor(config: ClientConfig) {
    super(config);
    this.#config = config;
  }

  override connect(): Promise<Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<Client> | void {
    const aiming = this.aim();
    if (!callback) return aiming.then(() => super.connect());
    aiming.then(() => super.connect(callback), callback);
  }

  private async aim(): Promise<void> {
    const { hostname, port } = new URL(await findPrimary(this.#config));
    this.host = hostname.replace(/^\[(.*)\]$/, '$1');
    this.port = Number(port || 5432);
  }
}

/** Asks all nodes at once: the URL of the first one that says it is the primary. */
async function findPrimary(config: ClientConfig): Promise<string> {
  const asked = nodeUrls(config.connectionString ?? '').map(async (url) => {
    if (await isPrimary({ ...config, connectionString: url })) return url;
    throw new Error(`${new URL(url).host} is a standby`);
  });
  try {
    return await Promise.any(asked);
  } catch (error) {
    const reasons = error instanceof AggregateError ? error.errors.map(reasonOf).join('; ') : '';
    throw Object.assign(new Error(`No node is the primary: ${reasons}`, { cause: error }), {
      code: UNABLE_TO_CONNECT,
    });
  }
}

async function isPrimary(config: ClientConfig): Promise<boolean> {
  const client = new Client({ ...config, query_timeout: config.connectionTimeoutMillis });
  client.on('error', () => undefined); // The query that is under way rejects.
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_is_in_recovery() AS is_standby');
    return rows[0]?.is_standby === false;
  } finally {
    client.end().catch(() => undefined);
  }
}
