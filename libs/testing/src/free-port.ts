import { startHttpServer } from './http-server';

/** A port of loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = await startHttpServer(() => undefined);
  await server.close();
  return server.port;
}
