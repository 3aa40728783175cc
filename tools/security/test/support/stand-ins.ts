import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { TestCertificate } from '@askflash/testing';

/** Servers that only show a certificate, where the apps look for the real ones. */
export interface StandIns {
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  close(): void;
}

/** Starts them; nobody gets further than their certificate, so nothing else of a server is needed. */
export async function startStandIns(certificate: TestCertificate): Promise<StandIns> {
  const files = {
    cert: readFileSync(certificate.certFile),
    key: readFileSync(certificate.keyFile),
  };
  const tls = createTlsServer(files).on('tlsClientError', () => undefined);
  const postgres = createPlainServer((socket) => {
    socket.on('error', () => undefined);
    // PostgreSQL’s clients ask first whether it speaks TLS.
    socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, ...files }).on('error', () => undefined);
    });
  });
  const [tlsPort, postgresPort] = [await listen(tls), await listen(postgres)];
  return {
    env: {
      DATABASE_URL: `postgres://me:mine@localhost:${postgresPort}/none?sslmode=verify-full`,
      REDIS_URL: `rediss://localhost:${tlsPort}`,
      RABBITMQ_URL: `amqps://me:mine@localhost:${tlsPort}`,
      RABBITMQ_MANAGEMENT_URL: `https://me:mine@localhost:${tlsPort}`,
    },
    url: `https://localhost:${tlsPort}`,
    close: () => [tls, postgres].forEach((server) => server.close()),
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return port;
}
