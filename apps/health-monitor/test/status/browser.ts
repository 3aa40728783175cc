import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** By whatever name it is installed. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Headless Chromium, as it is installed here. */
export function startBrowser(): Promise<Browser> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const executablePath = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error('Chromium is not installed: on Debian, apt-get install chromium');
  }
  // Root has no sandbox.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page of its own, and all that it complained about or asked of anybody. */
export interface WatchedPage {
  readonly page: Page;
  /** What its console said, what it threw, and what it asked for without getting it. */
  readonly complaints: string[];
  /** Every server it has asked for anything. */
  readonly origins: Set<string>;
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:') origins.add(origin);
  });
  await page.goto(url);
  return { page, complaints, origins };
}
