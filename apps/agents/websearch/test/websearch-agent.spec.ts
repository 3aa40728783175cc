import { embeddingOutput, runStage } from '@askflash/agent-kit';
import { Logger } from '@nestjs/common';
import { startHttpServer, type TestHttpServer } from '@askflash/testing';
import { PageReader } from '../src/pages/page-reader';
import { openProvider } from '../src/providers/open-provider';
import { WebSearch } from '../src/web-search';
import { WebsearchModule } from '../src/websearch.module';

const environment = { ...process.env };
const KEY = 'brave-key';

describe('the websearch agent', () => {
  let server: TestHttpServer;
  let requests: { url: URL; key: unknown }[];
  let answer: { status: number; headers?: Record<string, string>; body?: unknown };

  beforeEach(async () => {
    requests = [];
    answer = { status: 500 };
    process.env = { ...environment, ASKFLASH_STACK_FILE: '' };
    server = await startHttpServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://server');
      if (url.pathname.startsWith('/page/')) {
        const name = url.pathname.slice('/page/'.length);
        if (name === 'lost') return response.writeHead(404).end();
        response.writeHead(200, { 'content-type': 'text/html' });
        return response.end(`<h1>About the ${name}</h1><p>The ${name} is found in the north.</p>`);
      }
      requests.push({ url, key: request.headers['x-subscription-token'] });
      const { status, headers, body } = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      return response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  afterEach(async () => {
    process.env = { ...environment };
    await server.close();
  });

  const search = async (query: string, signal?: AbortSignal) => {
    const run = await runStage(WebsearchModule, 'web_search', { query }, signal);
    return { ...embeddingOutput.parse(run.output), progress: run.progress };
  };
  const useSearxng = (...results: unknown[]) => {
    process.env['SEARXNG_URL'] = `${server.url}/searx/`;
    answer = { status: 200, body: { query: 'x', results } };
  };
  const useBrave = (...results: unknown[]) => {
    Object.assign(process.env, { BRAVE_API_KEY: KEY, BRAVE_BASE_URL: server.url });
    answer = { status: 200, body: { type: 'search', web: { results } } };
  };
  const hit = (name: string) => ({
    url: `${server.url}/page/${name}`,
    title: `Page of the ${name}`,
    content: `Snippet of the ${name}`,
    description: `Snippet of the ${name}`,
  });

  it('says that it cannot search without a provider, and lets the task go on', async () => {
    const { passages, note } = await search('Where is the walrus?');
    expect(passages).toEqual([]);
    expect(note).toMatch(/no provider is configured/);
  });

  it('asks SearXNG for JSON, before Brave where both are set', async () => {
    useBrave();
    useSearxng(hit('walrus'));
    await search('Where is the walrus? Ä&b');
    expect(requests.map(({ url }) => [url.pathname, ...url.searchParams])).toEqual([
      ['/searx/search', ['q', 'Where is the walrus? Ä&b'], ['format', 'json']],
    ]);
  });

  it('asks Brave with its key, within the length it takes', async () => {
    useBrave(hit('walrus'));
    const { passages } = await search(`Where is the walrus? ${'word '.repeat(500)}`);
    expect(passages).toHaveLength(1);
    const [request] = requests;
    expect(request?.url.pathname).toBe('/res/v1/web/search');
    expect(request?.key).toBe(KEY);
    expect(request?.url.searchParams.get('q')?.split(' ')).toHaveLength(50);
  });

  it('reads no page of its own network; what the provider says of it is taken instead', async () => {
    useSearxng(hit('walrus'));
    expect(await search('Where is the walrus?')).toMatchObject({
      passages: [
        {
          path: `${server.url}/page/walrus`,
          heading: 'Page of the walrus',
          text: 'Snippet of the walrus',
        },
      ],
    });
  });

  it('reads the pages found and hands on the passages that bear on the query', async () => {
    useSearxng(hit('otter'), hit('walrus'), hit('lost'), hit('walrus'), {
      url: 'javascript:alert(1)',
      title: 'walrus',
      content: 'walrus',
    });
    const pages = new PageReader({ isAllowed: (address) => address === '127.0.0.1' });
    const progress: string[] = [];
    const { passages } = await new WebSearch(pages, openProvider()).search('the lost walrus', {
      signal: new AbortController().signal,
      progress: (message) => progress.push(message),
      log: new Logger(),
    });
    await pages.onModuleDestroy();
    expect(passages.map(({ path, heading, text }) => [path, heading, text])).toEqual([
      [`${server.url}/page/walrus`, 'About the walrus', 'The walrus is found in the north.'],
      [`${server.url}/page/lost`, 'Page of the lost', 'Snippet of the lost'],
    ]);
    expect(progress).toEqual(['Reading 3 pages', 'Found 2 passages']);
  });

  it('says so where nothing bears on the query', async () => {
    useBrave();
    answer = { status: 200, body: { type: 'search' } };
    expect(await search('walrus')).toMatchObject({
      passages: [],
      note: 'Brave found nothing that bears on the query.',
    });
  });

  it.each<[string, typeof answer, RegExp]>([
    ['fails', { status: 503 }, /SearXNG answered 503/],
    ['limits it', { status: 429 }, /answered 429/],
    ['answers HTML', { status: 200, body: '<html>' }, /something else than results/],
    ['answers another shape', { status: 200, body: { results: 'no' } }, /something else/],
    ['answers too much', { status: 200, body: 'x'.repeat(3 * 1024 * 1024) }, /not be reached/],
    ['leads away', { status: 302, headers: { location: '/elsewhere' } }, /could not be reached/],
  ])('lets the task go on where the provider %s', async (_case, given, message) => {
    useSearxng();
    answer = given;
    const { passages, note } = await search('walrus');
    expect(passages).toEqual([]);
    expect(note).toMatch(message);
    expect(requests).toHaveLength(1);
  });

  it('never tells its key', async () => {
    useBrave();
    answer = { status: 401, body: { error: `Bad key ${KEY}` } };
    expect(JSON.stringify(await search('walrus'))).not.toContain(KEY);
  });

  it('stops at once when it is aborted', async () => {
    useSearxng();
    await server.close();
    const abort = new AbortController();
    server = await startHttpServer(() => abort.abort(new Error('Enough')));
    process.env['SEARXNG_URL'] = server.url;
    await expect(search('walrus', abort.signal)).rejects.toThrow('Enough');
  });
});
