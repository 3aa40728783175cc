import { eventually, freePort } from '@askflash/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { BenchSetUpError } from '../errors';
import type { System, SystemStage } from '../system';

const LOOPBACK = '127.0.0.1';

/** A service of Restate: five durable steps, driven by the Restate server. */
export const restate: System = {
  name: 'restate',
  title: 'Restate: 1 server, 1 service process',
  durability: 'its own log, fsync of every batch; one node',
  servers: [],
  start: async (stage) => {
    const [ingress, admin, node, port] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const urls = {
      INGRESS_URL: `http://${LOOPBACK}:${ingress}`,
      ADMIN_URL: `http://${LOOPBACK}:${admin}`,
    };
    const folder = mkdtempSync(join(stage.bench.folder, 'restate-'));
    const server = startServer(stage, { folder, ingress, admin, node });
    const worker = stage.start({
      role: 'worker',
      args: ['tools/bench/src/systems/restate/worker.mjs'],
      env: { PORT: String(port), RESTATE_LOGGING: 'WARN' },
    });
    await Promise.race([worker.ready, server.lost]);
    await eventually(() => answersQueries(urls.ADMIN_URL), {
      timeoutMs: 60_000,
      what: 'Restate’s server to have its partitions',
    });
    await post(`${urls.ADMIN_URL}/deployments`, { uri: `http://${LOOPBACK}:${port}` });
    const client = stage.start({
      role: 'client',
      args: ['tools/bench/src/systems/restate/client.mjs'],
      env: urls,
    });
    await client.ready;
    return {
      client,
      workers: [worker],
      others: [server],
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
};

/** The ports and the folder that are the server’s own. */
interface ServerPlace {
  readonly folder: string;
  readonly ingress: number;
  readonly admin: number;
  readonly node: number;
}

function startServer(stage: SystemStage, { folder, ingress, admin, node }: ServerPlace) {
  return stage.start({
    role: 'restate-server',
    command: serverProgram(),
    args: ['--no-logo', '--base-dir', folder],
    env: {
      // Its partitions leave a folder each in the temporary one.
      TMPDIR: folder,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_IP: LOOPBACK,
      RESTATE_BIND_PORT: String(node),
      RESTATE_ADVERTISED_HOST: LOOPBACK,
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'warn',
    },
  });
}

/** The server's program for this machine, which its package brings along. */
function serverProgram(): string {
  const packages = createRequire(resolve('tools/bench/package.json'));
  const folder = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  return packages.resolve(`${folder}/bin/restate-server`);
}

async function answersQueries(adminUrl: string): Promise<boolean> {
  await post(`${adminUrl}/query`, { query: 'SELECT count(*) FROM sys_invocation_status' });
  return true;
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new BenchSetUpError(`${response.status} ${await response.text()}`);
}
