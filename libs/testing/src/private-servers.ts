import { createRequire } from 'node:module';
import type { TestServers } from './servers';

/** Ends or starts one private server; it comes back on the same ports, with its data. */
export interface PrivateServer {
  stop(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** The process that is the server, until it is stopped. */
  pid(): Promise<number>;
}

interface Servers {
  readonly postgres: PrivateServer;
  readonly redis: PrivateServer & { readonly port: number };
  readonly rabbitmq: PrivateServer & {
    /** Runs rabbitmqctl on it and gives what that prints. */
    ctl(args: string[]): Promise<string>;
  };
}

interface VariablesOf {
  readonly postgres: 'DATABASE_URL';
  readonly redis: 'REDIS_URL';
  readonly rabbitmq: 'RABBITMQ_URL' | 'RABBITMQ_MANAGEMENT_URL';
}

/** Servers that one suite has for itself, and may stop, fill up or flush. */
export type PrivateServers<Name extends keyof Servers = keyof Servers> = Pick<Servers, Name> & {
  /** Where they are, as the variables that apps read. */
  readonly env: Pick<TestServers, VariablesOf[Name]>;
  /** A file that holds `{ env }`, in the form of `.local/stack.json`. */
  readonly file: string;
  /** Ends all of them and deletes their data; they also end with the process that started them. */
  stop(): Promise<void>;
};

interface TestServersModule {
  startTestServers<Name extends keyof Servers>(options: {
    only?: readonly Name[];
    durable?: boolean;
    tls?: string;
  }): Promise<PrivateServers<Name>>;
}

/**
 * Starts servers of one suite's own, for a test that harms them: all of them or `only` some, on
 * free ports, in a temporary folder. `durable` ones write to disk as those of production do; with `tls`,
 * a folder that holds `ca.pem`, `server.pem` and `server.key`, all of them speak TLS.
 */
export async function startPrivateServers<Name extends keyof Servers = keyof Servers>(
  options: { only?: readonly Name[]; durable?: boolean; tls?: string } = {},
): Promise<PrivateServers<Name>> {
  const { startTestServers }: TestServersModule = createRequire(__filename)(
    '../../../tools/dev-stack/test-servers-client.js',
  );
  return startTestServers(options);
}
