import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';
import { createDataSource } from './data-source';

/** A message of PostgreSQL’s protocol: its type, its length and what is in it. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** All that a server says to a session that it ends as soon as it has begun, in one piece. */
const WELCOME_AND_FAREWELL = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('Z', Buffer.from('I')),
  message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0')),
]);

it('fails what is asked of a connection that is ended while it is made, and nothing else', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(WELCOME_AND_FAREWELL));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const url = `postgres://somebody@127.0.0.1:${port}/somewhere`;
  try {
    await expect(createDataSource({ url, applicationName: 'test' }).initialize()).rejects.toThrow(
      /not queryable|terminat/,
    );
  } finally {
    server.close();
  }
});
