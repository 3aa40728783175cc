import { startHttpServer } from '@askflash/testing';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = await startHttpServer(() => undefined);
  await server.close();
  return server.port;
}
