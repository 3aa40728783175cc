import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy before a server, to break the way to it. */
export interface Proxy {
  readonly port: number;
  /** How many connections were opened through it. */
  opened(): number;
  /** The connections open now stay open, but nothing passes them any more, as behind a dead router. */
  freeze(): void;
  /** Keeps the server's replies back, until the function returned is called. */
  holdReplies(): () => void;
  /** Breaks the connections that are open. */
  drop(): void;
  close(): Promise<void>;
}

export async function startProxy(targetPort: number): Promise<Proxy> {
  let opened = 0;
  const sockets = new Set<Socket>();
  const replies = new Map<Socket, Socket>();
  const drop = () => sockets.forEach((socket) => socket.destroy());
  const server = createServer((client) => {
    opened += 1;
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(target).pipe(client);
    replies.set(target, client);
    target.on('close', () => replies.delete(target));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No TCP port');
  return {
    port: address.port,
    opened: () => opened,
    freeze() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.removeAllListeners('data');
        socket.pause();
      }
    },
    holdReplies() {
      const held = [...replies];
      for (const [target, client] of held) target.unpipe(client);
      return () => held.forEach(([target, client]) => target.pipe(client));
    },
    drop,
    async close() {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}
