import { serve, type LocalServer } from '../test/server';
import { readEventStream, type EventStreamOptions } from './event-stream';

describe('readEventStream', () => {
  const servers: LocalServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  /** Each connection gets the next script; a script ends by `cut`, `end`, or stays open. */
  async function streamOf(...scripts: (readonly string[])[]) {
    const lastEventIds: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      lastEventIds.push(request.headers['last-event-id']?.toString());
      const script = scripts[lastEventIds.length - 1] ?? ['cut'];
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const chunk of ['retry: 1\n\n', ...script]) {
        if (chunk === 'cut') setImmediate(() => response.destroy());
        else if (chunk === 'end') response.end();
        else response.write(chunk);
      }
    });
    servers.push(server);
    return { url: server.url, lastEventIds };
  }

  async function read(url: string, count: number, options: Partial<EventStreamOptions> = {}) {
    const read: string[] = [];
    const events = readEventStream({
      signal: new AbortController().signal,
      isPassing: () => true,
      open: (lastEventId, signal) =>
        fetch(url, { signal, headers: lastEventId ? { 'last-event-id': lastEventId } : {} }),
      ...options,
    });
    for await (const { id, event, data } of events) {
      read.push(`${id} ${event} ${data}`);
      if (read.length === count) break;
    }
    return read;
  }

  it('reads events however they are cut into chunks, and skips heartbeats', async () => {
    const { url } = await streamOf([
      ': hello\n\nid: 1-0\nev',
      'ent: a\ndata: {"x":\ndata: 1}\n',
      '\nid: 1-1\nevent: b\ndata: ü\n\n',
    ]);
    expect(await read(url, 2)).toEqual(['1-0 a {"x":\n1}', '1-1 b ü']);
  });

  it.each(['cut', 'end'])('goes on after the last event where the stream is %s', async (how) => {
    const { url, lastEventIds } = await streamOf(
      ['id: 1-0\nevent: a\ndata: x\n\n', how],
      [how],
      ['id: 2-0\nevent: b\ndata: y\n\n'],
    );
    expect(await read(url, 2)).toEqual(['1-0 a x', '2-0 b y']);
    expect(lastEventIds).toEqual([undefined, '1-0', '1-0']);
  });

  it('comes back where an open connection stays silent', async () => {
    const { url, lastEventIds } = await streamOf([], ['id: 1-0\nevent: a\ndata: x\n\n']);
    expect(await read(url, 1, { silenceMs: 50 })).toEqual(['1-0 a x']);
    expect(lastEventIds).toHaveLength(2);
  });

  it('gives up when nothing has come for too long', async () => {
    const { url } = await streamOf();
    await expect(read(url, 1, { patienceMs: 50 })).rejects.toThrow();
  });

  it('gives up at once by an error that does not pass', async () => {
    const open = jest.fn().mockRejectedValue(new Error('no such task'));
    await expect(read('', 1, { open, isPassing: () => false })).rejects.toThrow('no such task');
    expect(open).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['while it reads', ['id: 1-0\nevent: a\ndata: x\n\n']],
    [
      'while it waits to connect again',
      ['id: 1-0\nevent: a\ndata: x\n\n', 'retry: 60000\n\n', 'end'],
    ],
  ])('ends by its signal %s', async (_when, script) => {
    const { url } = await streamOf(script);
    const controller = new AbortController();
    const events = readEventStream({
      signal: controller.signal,
      isPassing: () => true,
      open: (_lastEventId, signal) => fetch(url, { signal }),
    });
    await events.next();
    const next = events.next();
    setImmediate(() => controller.abort());
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
  });
});
