import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { createStatusApp } from './status-app';
import { FakeStatus, openCondition, queue } from './fake-status';

const event = z.object({ title: z.string(), sections: z.array(z.object({ id: z.string() })) });

describe('the status page over HTTP', () => {
  const status = new FakeStatus();
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await createStatusApp(status);
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  const get = (url: string) => app.inject({ method: 'GET', url });

  it.each(['/', '/runbooks', '/runbooks/queue-stuck'])(
    'keeps %s to itself, and lets nothing foreign in',
    async (path) => {
      const { statusCode, headers, body } = await get(path);
      expect(statusCode).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['cache-control']).toBe('no-store');
      expect(body).not.toMatch(/ style="| on\w+="|<script>|<style/);
    },
  );

  it('gives the status as JSON', async () => {
    const condition = openCondition('queue_stuck', {});
    status.change({ conditions: [condition], tasks: undefined });
    const { body } = await get('/status');
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(status.current)));
    expect(JSON.parse(body)).toMatchObject({
      conditions: [{ runbookUrl: 'http://127.0.0.1:8004/runbooks/queue-stuck' }],
    });
    status.change({ conditions: [] });
  });

  it('serves what pages are made up with', async () => {
    expect((await get('/assets/status.css')).headers['content-type']).toContain('text/css');
    expect((await get('/assets/live.js')).headers['content-type']).toContain('text/javascript');
    expect((await get('/assets/../package.json')).statusCode).toBe(404);
  });

  it('answers a runbook that is not with a problem', async () => {
    const response = await get('/runbooks/none');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({
      code: 'RUNBOOK_NOT_FOUND',
      fields: { runbook: 'none' },
    });
    expect((await get('/runbooks/..%2FREADME')).statusCode).toBe(404);
  });

  it('streams what changes, and ends when the app does', async () => {
    const other = new FakeStatus();
    const closing = await createStatusApp(other);
    await closing.listen(0, '127.0.0.1');
    const response = await fetch(`${await closing.getUrl()}/status/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events: z.output<typeof event>[] = [];
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^event: sections\ndata: (.*)$/.exec(block)?.[1];
        if (data !== undefined) events.push(event.parse(JSON.parse(data)));
      }
      if (events.length === 1) other.change({ queues: [queue('intent.task', { ready: 3 })] });
      // The stream is open still: only the app can end it.
      if (events.length === 2) void closing.close();
    }
    expect(events.map(({ sections }) => sections.length)).toEqual([7, 1]);
    expect(events[1]?.sections).toEqual([{ id: 'queues' }]);
  });
});
