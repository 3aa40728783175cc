import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { openPage, startBrowser } from './browser';
import { FakeStatus, openCondition, wellStatus } from './fake-status';
import { createStatusApp } from './status-app';

const numbers = z.array(z.number());
const texts = z.array(z.string());

describe('the status page, for everybody', () => {
  let browser: Browser;
  let app: NestFastifyApplication;
  let url: string;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    app = await createStatusApp(
      new FakeStatus({
        ...wellStatus(),
        conditions: [openCondition('queue_stuck', {})],
        deadLetters: { count: 1, url: 'http://127.0.0.1:1/' },
      }),
    );
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  beforeEach(async () => {
    ({ page } = await openPage(browser, url));
    await page.waitForSelector('#connection[data-state="live"]');
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const all = (selector: string, map: string) =>
    page.evaluate(`[...document.querySelectorAll('${selector}')].map(${map})`);

  it('can be read without its script', async () => {
    const still = await openPage(browser, url, { javaScriptEnabled: false });
    const seen = await still.page.locator('main').innerText();
    for (const name of [
      '1 condition is open',
      'postgres',
      'intent.task',
      'executor',
      'standard query',
    ]) {
      expect(seen).toContain(name);
    }
    await still.page.context().close();
  });

  it('is told aloud as it is seen', async () => {
    const tree = await page.locator('body').ariaSnapshot();
    const parts = [
      '- link "Skip to content"',
      '- banner:',
      '- main:',
      '- region "1 condition is open":',
      '- heading "1 condition is open" [level=1]',
      '- region "Queues":',
      '- table "Queues":',
      '- columnheader "Waiting"',
      '- rowheader "intent.task"',
      '- table "Instances of executor":',
      '- table "Last tasks, newest first":',
      'listitem "embedding lookup: requested"',
      'link "Runbook: queue-stuck"',
      '- contentinfo:',
      '- navigation "More":',
    ];
    expect(parts.filter((part) => !tree.includes(part))).toEqual([]);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    const levels = await all('h1, h2, h3', '({ tagName }) => Number(tagName[1])').then(
      numbers.parse,
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    const ids = await all('[id]', '({ id }) => id').then(texts.parse);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('can be used by keyboard alone', async () => {
    const wanted = await all('a, summary', '({ textContent }) => textContent.trim()').then(
      texts.parse,
    );
    const reached: string[] = [];
    for (let count = 0; count < wanted.length; count += 1) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate<{ name: string; outline: string }>(
        `({ name: document.activeElement.textContent.trim(), outline: getComputedStyle(document.activeElement).outlineStyle })`,
      );
      reached.push(name);
      expect([name, outline]).toEqual([name, 'solid']);
    }
    expect(reached).toEqual(wanted);
    await page.locator('#agent-intent-summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#agent-intent').getAttribute('open')).toBeNull();
  });
});
