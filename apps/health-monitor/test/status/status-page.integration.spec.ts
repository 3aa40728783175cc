import { eventually } from '@askflash/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Browser } from 'playwright-core';
import { openPage, startBrowser, type WatchedPage } from './browser';
import { FakeStatus, instance, openCondition, queue } from './fake-status';
import { createStatusApp } from './status-app';

/** What `--bad` is in a light page. */
const RED = 'rgb(179, 19, 29)';

describe('the status page in Chromium', () => {
  let browser: Browser;
  let status: FakeStatus;
  let app: NestFastifyApplication;
  let watched: WatchedPage;
  let port: string;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    status = new FakeStatus();
    app = await createStatusApp(status);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    ({ port } = new URL(url));
    watched = await openPage(browser, url, { colorScheme: 'light' });
    await watched.page.waitForSelector('#connection[data-state="live"]');
  });
  afterEach(async () => {
    await watched.page.context().close();
    await app.close();
  });

  const text = (selector: string) => watched.page.locator(selector).innerText();
  /** Marks the page, so that a reload would be noticed. */
  const mark = () => watched.page.evaluate('window.mark = true');
  const expectNoReload = async () => expect(await watched.page.evaluate('window.mark')).toBe(true);

  it('shows what changes, without being loaded again', async () => {
    await mark();
    expect(await text('h1')).toBe('All is well');
    status.change({ queues: [queue('executor.task', { ready: 1234 })] });
    await eventually(async () => (await text('#queues tbody')).includes('1,234'));
    status.change({ deadLetters: { count: 5, url: undefined } });
    await eventually(async () => (await text('#dead-letters')).includes('5 messages'));
    await expectNoReload();
    expect(watched.complaints).toEqual([]);
    expect([...watched.origins]).toEqual([`http://127.0.0.1:${port}`]);
  });

  it('turns red where an instance does, in colour, word and shape, and says so once', async () => {
    await mark();
    const { page } = watched;
    const row = page.locator('#agents tr', { hasText: '00000081b2c3' });
    const looks = () =>
      page.evaluate(`getComputedStyle(document.querySelector('#agent-executor td .badge')).color`);
    const shape = () => row.locator('.shape').innerHTML();
    const before = { color: await looks(), shape: await shape() };
    expect(await page.locator('#announcer').textContent()).toBe('');

    const statusReason = 'A canary has been unanswered for 23 s';
    const [ill] = [instance('executor', '81b2c3', { status: 'unhealthy', statusReason })];
    const condition = openCondition('agent_unhealthy', { subject: ill.instanceId });
    status.change({ agents: [ill], conditions: [condition] });
    await eventually(async () => (await row.innerText()).includes(statusReason));

    expect(await row.innerText()).toContain('unhealthy');
    expect(await looks()).toBe(RED);
    expect(before.color).not.toBe(RED);
    expect(await shape()).not.toBe(before.shape);
    expect(await text('h1')).toBe('1 condition is open');
    expect(await page.title()).toBe('1 condition is open · AskFlash');
    expect(await page.locator('#announcer').textContent()).toBe(
      `warning: An agent’s instance does not work, ${ill.instanceId}. ${condition.summary}`,
    );

    status.change({ conditions: [{ ...condition, summary: 'It has been longer.' }] });
    await eventually(async () => (await text('#conditions')).includes('It has been longer.'));
    expect(await page.locator('#announcer').textContent()).toContain(condition.summary);
    await expectNoReload();
    expect(watched.complaints).toEqual([]);
  });

  it('leaves focus, folded parts, scroll and selected text where they are', async () => {
    const { page } = watched;
    status.change({ conditions: [openCondition('queue_stuck', {})] });
    const link = page.getByRole('link', { name: 'Runbook: queue-stuck' });
    await link.focus();
    await page.locator('#agent-intent-summary').click();
    await link.focus();
    await page.evaluate('window.scrollTo(0, 300)');

    status.change({
      conditions: [
        openCondition('queue_stuck', { ...status.current.conditions[0], summary: 'Still.' }),
      ],
      agents: [instance('intent', '99'), instance('executor', '98')],
    });
    await eventually(async () => (await text('#conditions')).includes('Still.'));
    await eventually(async () => (await text('#agents')).includes('000000000098'));
    expect(await page.evaluate('document.activeElement.textContent')).toContain('queue-stuck');
    expect(await page.locator('#agent-intent').getAttribute('open')).toBeNull();
    expect(await page.locator('#agent-executor').getAttribute('open')).toBe('');
    expect(await page.evaluate('window.scrollY')).toBe(300);

    await page.locator('#queues code').first().selectText();
    status.change({
      queues: [queue('intent.task', { ready: 77 })],
      deadLetters: { count: 9, url: undefined },
    });
    await eventually(async () => (await text('#dead-letters')).includes('9 messages'));
    expect(await page.evaluate('String(getSelection())')).toBe('intent.task');
    expect(await text('#queues')).not.toContain('77');
    await page.evaluate('getSelection().empty()');
    await eventually(async () => (await text('#queues')).includes('77'));
  });

  it('says when it is no longer live, and comes back by itself', async () => {
    expect(await text('#connection')).toBe('Live');
    await app.close();
    await eventually(async () => (await text('#connection')).startsWith('Reconnecting'));
    app = await createStatusApp(status);
    await app.listen(Number(port), '127.0.0.1');
    status.change({ queues: [queue('executor.task', { ready: 4321 })] });
    await eventually(async () => (await text('#queues')).includes('4,321'));
    expect(await text('#connection')).toBe('Live');
  });
});
