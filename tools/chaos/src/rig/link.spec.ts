import { eventually } from '@askflash/testing';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Link } from './link';
import { OPEN } from './link-state';

/** Answers with what it is sent. */
async function startEcho(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('Link', () => {
  let echo: Server;
  let link: Link;
  let socket: Socket;
  let heard = '';

  beforeEach(async () => {
    echo = await startEcho();
    link = await Link.open({ host: '127.0.0.1', port: portOf(echo) });
    socket = connect(link.port, '127.0.0.1');
    heard = '';
    socket.on('data', (data) => (heard += data.toString()));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
  });

  afterEach(() => {
    socket.destroy();
    link.close();
    echo.close();
  });

  const hears = (text: string) =>
    eventually(() => heard === text, { what: `${text}, not ${heard}` });

  it('carries what is sent, both ways', async () => {
    socket.write('one');
    await hears('one');
    expect(link.connectionCount).toBe(1);
  });

  it('keeps the order where it is slow', async () => {
    link.become({ ...OPEN, delayMs: 200 });
    socket.write('one ');
    await eventually(() => link.takenBytes === 4);
    link.become({ ...OPEN, bytesPerSecond: 100 });
    socket.write('two ');
    await eventually(() => link.takenBytes === 8);
    socket.write('three');
    await hears('one two three');
  });

  it('holds nothing back once it is mended', async () => {
    link.become({ ...OPEN, delayMs: 3_600_000 });
    socket.write('one ');
    await eventually(() => link.takenBytes === 4);
    link.become(OPEN);
    socket.write('two');
    await hears('one two');
  });

  it('swallows everything where it is half open, and breaks what was connected once it is mended', async () => {
    socket.write('one');
    await hears('one');
    link.become({ ...OPEN, isHalfOpen: true });
    socket.write('two');
    await eventually(() => link.takenBytes === 6);
    expect([heard, socket.readyState]).toEqual(['one', 'open']);
    const closed = once(socket, 'close');
    link.become(OPEN);
    await closed;
    expect(heard).toBe('one');
  });

  it('breaks connections where it is cut, new ones too', async () => {
    const closed = once(socket, 'close');
    link.become({ ...OPEN, isCut: true });
    await closed;
    const another = connect(link.port, '127.0.0.1').on('error', () => undefined);
    await once(another, 'close');
    expect(link.connectionCount).toBe(0);
  });
});
