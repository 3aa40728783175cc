import { makeApiKey } from '@askflash/service-kit';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { startMonitor, type TestMonitor } from '../monitor';
import { openPage, startBrowser } from './browser';

const KEYS = {
  read: makeApiKey({ name: 'viewer', role: 'read' }),
  submit: makeApiKey({ name: 'web', role: 'submit' }),
};

const PAGE = { accept: 'text/html' };

const snapshot = z.object({
  servers: z.array(z.object({ name: z.string(), status: z.string() })),
  queues: z.array(z.object({ name: z.string(), depths: z.array(z.number()) })),
});

describe('the status page of a health-monitor that others reach', () => {
  let backbone: TestBackbone;
  let monitor: TestMonitor;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    monitor = await startMonitor({
      ...backbone.env,
      HTTP_HOST: '0.0.0.0',
      ALLOW_PLAIN_TEXT: 'true',
      HEALTH_MONITOR_INTERVAL_MS: '500',
      COORDINATOR_API_KEYS: Object.values(KEYS)
        .map(({ line }) => line)
        .join('\n'),
    });
    await eventually(async () => (await monitor.ready()).status === 200);
  });
  afterAll(async () => {
    await monitor?.close();
    await backbone?.remove();
  });

  it('does not start without keys', async () => {
    const env = { ...backbone.env, HTTP_HOST: '0.0.0.0', ALLOW_PLAIN_TEXT: 'true' };
    await expect(startMonitor(env)).rejects.toMatchObject({ code: 'KEYS_NOT_CONFIGURED' });
  });

  it.each(['/health/live', '/health/ready', '/metrics'])('leaves %s open', async (path) => {
    expect((await monitor.get(path)).status).toBe(200);
  });

  it.each(['/', '/status', '/status/events', '/runbooks', '/runbooks/tasks', '/assets/live.js'])(
    'asks for a key that may read at %s',
    async (path) => {
      const refused = await monitor.get(path, PAGE);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe(
        'Bearer, Basic realm="askflash", charset="UTF-8"',
      );
      const submit = { authorization: `Bearer ${KEYS.submit.key}` };
      expect((await monitor.get(path, submit)).status).toBe(403);
      const read = await monitor.get(path, { authorization: `Bearer ${KEYS.read.key}` });
      expect(read.status).toBe(200);
      await read.body?.cancel();
    },
  );

  it('tells as JSON what the last looks saw', async () => {
    const status = await eventually(async () => {
      const response = await monitor.get('/status', { authorization: `Bearer ${KEYS.read.key}` });
      const parsed = snapshot.safeParse(await response.json());
      return (parsed.data?.queues[0]?.depths.length ?? 0) > 1 ? parsed.data : undefined;
    });
    expect(status.servers).toContainEqual({ name: 'postgres', status: 'up' });
    expect(status.queues.map(({ name }) => name)).toContain('executor.task');
  });

  it('takes the key as a browser’s password, for its stream as well', async () => {
    const browser: Browser = await startBrowser();
    try {
      const { page, complaints } = await openPage(browser, monitor.url, {
        httpCredentials: { username: 'anybody', password: KEYS.read.key },
      });
      await page.waitForSelector('#connection[data-state="live"]');
      await page.getByText('Nobody consumes a work queue').first().waitFor();
      expect(complaints).toEqual([]);
      await page.getByRole('link', { name: 'Runbook: queue-without-consumer' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Nobody consumes' }).waitFor();
      await page.getByRole('link', { name: 'AskFlash status' }).click();
      await page.waitForSelector('#connection[data-state="live"]');
    } finally {
      await browser.close();
    }
  });
});
