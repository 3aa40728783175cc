import { type AddressInfo, createServer, type Server } from 'node:net';
import { choosePort, isFree } from './ports.mjs';

const listen = (host: string) =>
  new Promise<{ server: Server; port: number }>((resolve) => {
    const server = createServer();
    server.listen(0, host, () => {
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });

describe.each(['127.0.0.1', '0.0.0.0'])('beside a stranger on %s', (host) => {
  let stranger: Awaited<ReturnType<typeof listen>>;
  beforeEach(async () => void (stranger = await listen(host)));
  afterEach(() => new Promise((resolve) => stranger.server.close(resolve)));

  it('sees that the port is taken', async () => {
    expect(await isFree(stranger.port)).toBe(false);
  });

  it('chooses another than the preferred one', async () => {
    const port = await choosePort(stranger.port);
    expect(port).not.toBe(stranger.port);
    expect(await isFree(port)).toBe(true);
  });
});

describe('choosePort', () => {
  it('keeps to the preferred port where it is free', async () => {
    const { server, port } = await listen('127.0.0.1');
    await new Promise((resolve) => server.close(resolve));
    expect(await choosePort(port)).toBe(port);
  });

  it('never gives one port twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => choosePort()));
    expect(new Set(ports).size).toBe(50);
  });
});
