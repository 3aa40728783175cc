import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Browser } from 'playwright-core';
import { openPage, startBrowser } from './browser';
import { POOR_CONTRASTS } from './contrast';
import { FakeStatus, instance, openCondition, queue, wellStatus } from './fake-status';
import { createStatusApp } from './status-app';

const LONG = 'a-name-that-goes-on-and-on-without-any-place-to-break-it-'.repeat(3);

/** A status in which everything that can be on the page is, and is long. */
function fullStatus(): FakeStatus {
  const well = wellStatus();
  const [task] = well.tasks ?? [];
  return new FakeStatus({
    ...well,
    servers: [
      ...well.servers,
      { name: 'redis', status: 'down', latencyMs: 2_000, reason: LONG, remedy: `See ${LONG}` },
    ],
    conditions: [
      openCondition('queue_stuck', { subject: LONG, summary: `${LONG} ${LONG}` }),
      openCondition('queue_slow', {}),
    ],
    queues: [
      ...(well.queues ?? []),
      queue(LONG, {
        ready: 1_234_567,
        depths: [1, 5, 2],
        canary: { roundTripMs: 1, answeredAgoMs: 80_000_000, waitingMs: 70_000_000 },
      }),
    ],
    agents: (['starting', 'unhealthy', 'stopping', 'unknown', 'healthy'] as const).flatMap(
      (status) => [
        instance('intent', status, { status, statusReason: status === 'unhealthy' ? LONG : null }),
        instance(LONG, status, { status }),
      ],
    ),
    tasks: task && [
      ...(['waiting', 'complete', 'failed', 'aborted'] as const).map((status) => ({
        ...task,
        status,
      })),
      {
        ...task,
        stages: (
          ['completed', 'failed', 'skipped', 'backing_off', 'requested', 'pending'] as const
        ).map((status) => ({ name: status, status, attempt: 2 })),
      },
    ],
    deadLetters: { count: 1_234, url: `http://127.0.0.1/${LONG}` },
  });
}

describe.each(['light', 'dark'] as const)('pages in Chromium, %s', (colorScheme) => {
  let browser: Browser;
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    browser = await startBrowser();
    app = await createStatusApp(fullStatus());
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const cases = ['/', '/runbooks', '/runbooks/queue-stuck'].flatMap((path) =>
    [360, 768, 1440, 3840].map((width) => [path, width] as const),
  );

  it.each(cases)('%s fits into %d pixels, and can be read', async (path, width) => {
    const viewport = { width, height: Math.round(width * 0.75) };
    const { page, complaints } = await openPage(browser, `${url}${path}`, {
      colorScheme,
      viewport,
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.evaluate(POOR_CONTRASTS)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
