import { gzipSync } from 'node:zlib';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { eventually, startHttpServer, type TestHttpServer } from '@askflash/testing';
import { PageForbiddenError, PageUnreadableError } from '../errors';
import { PageReader, type PageReaderOptions } from './page-reader';
import type { Resolve } from './guarded-connector';

const HTML = '<title>T</title><h1>Walrus</h1><p>It has tusks.</p><script>alert(1)</script>';
type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

describe('PageReader', () => {
  let server: TestHttpServer;
  let requests: string[];
  let routes: Record<string, Handler>;
  let reader: PageReader | undefined;

  beforeEach(async () => {
    requests = [];
    routes = {};
    server = await startHttpServer((request, response) => {
      requests.push(`${request.headers.host?.replace(/:.*/, '')}${request.url}`);
      const route = routes[request.url ?? ''];
      if (route) return route(request, response);
      return response.writeHead(404).end();
    });
  });
  afterEach(async () => {
    await reader?.onModuleDestroy();
    reader = undefined;
    await server.close();
  });

  const page =
    (body: string | Buffer, headers: Record<string, string> = {}): Handler =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body);
  const redirect =
    (location: string, status = 302): Handler =>
    (_request, response) =>
      response.writeHead(status, { location }).end();
  const read = (url: string, signal = new AbortController().signal) => {
    reader ??= new PageReader();
    return reader.read({ url, title: 'Title', snippet: '' }, signal);
  };
  /** A reader that takes this test's server for public, under the name site.test. */
  const allow = (options: Partial<PageReaderOptions> = {}) => {
    reader = new PageReader({
      isAllowed: (address) => address === '127.0.0.1',
      resolve: resolveTo({ 'site.test': ['127.0.0.1'], 'inside.test': ['10.0.0.1'] }),
      ...options,
    });
    return `http://site.test:${server.port}`;
  };
  const resolveTo =
    (names: Readonly<Record<string, readonly string[]>>): Resolve =>
    (name, done) =>
      done(
        null,
        (names[name] ?? []).map((address) => ({ address, family: 4 })),
      );

  describe('keeps to the public web', () => {
    it.each([
      'http://127.0.0.1:PORT/',
      'http://localhost:PORT/',
      'http://2130706433:PORT/',
      'http://0x7f.1:PORT/',
      'http://0:PORT/',
      'http://[::1]:PORT/',
      'http://[::ffff:127.0.0.1]:PORT/',
      'http://[::ffff:7f00:1]:PORT/',
      'https://127.0.0.1:PORT/',
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
      'ftp://127.0.0.1:PORT/',
      'data:text/html,x',
      'http://user:password@127.0.0.1:PORT/',
      'not a URL',
    ])('never asks %s', async (url) => {
      routes['/'] = page(HTML);
      await expect(read(url.replace('PORT', String(server.port)))).rejects.toThrow(
        PageForbiddenError,
      );
      expect(requests).toEqual([]);
    });

    it('connects to the address that it has looked at, and looks once', async () => {
      const answers = [['127.0.0.1'], ['10.0.0.1']];
      let asked = 0;
      const site = allow({
        resolve: (name, done) => resolveTo({ [name]: answers[asked++] ?? [] })(name, done),
      });
      routes['/a'] = page(HTML, { connection: 'close' });
      await expect(read(`${site}/a`)).resolves.toHaveLength(1);
      expect(asked).toBe(1);
      await expect(read(`${site}/a`)).rejects.toThrow(PageForbiddenError);
      expect(requests).toEqual(['site.test/a']);
    });

    it('refuses a name that has a public and a private address', async () => {
      const site = allow({ resolve: resolveTo({ 'site.test': ['127.0.0.1', '10.0.0.1'] }) });
      await expect(read(`${site}/`)).rejects.toThrow(PageForbiddenError);
      expect(requests).toEqual([]);
    });

    it.each([
      'http://inside.test/',
      'http://10.0.0.1/',
      'http://[::1]/',
      'file:///etc/passwd',
      '//inside.test/',
      'http://user@site.test/',
    ])('follows no redirect to %s', async (location) => {
      const site = allow();
      routes['/'] = redirect(location);
      await expect(read(`${site}/`)).rejects.toThrow(PageForbiddenError);
      expect(requests).toEqual(['site.test/']);
    });

    it('follows other redirects, but not for ever', async () => {
      const site = allow({ maxRedirects: 2 });
      routes['/'] = redirect('/deep/a');
      routes['/deep/a'] = redirect('b', 308);
      routes['/deep/b'] = page(HTML);
      await expect(read(`${site}/`)).resolves.toHaveLength(1);
      routes['/deep/b'] = redirect('/');
      await expect(read(`${site}/`)).rejects.toThrow('more than 2 times');
    });
  });

  describe('reads', () => {
    it('HTML, text and Markdown as passages', async () => {
      const site = allow();
      routes['/h'] = page(HTML, { 'content-type': 'text/html; charset=utf-8' });
      routes['/t'] = page('Plain.', { 'content-type': 'text/plain' });
      routes['/m'] = page('# One\n\nTwo.', { 'content-type': 'Text/Markdown' });
      expect(await read(`${site}/h`)).toEqual([{ headings: ['Walrus'], text: 'It has tusks.' }]);
      expect(await read(`${site}/t`)).toEqual([{ headings: ['Title'], text: 'Plain.' }]);
      expect(await read(`${site}/m`)).toEqual([{ headings: ['One'], text: 'Two.' }]);
    });

    it('other charsets, and packed pages', async () => {
      const site = allow();
      const type = 'text/plain; charset=ISO-8859-1';
      routes['/l'] = page(Buffer.from('café', 'latin1'), { 'content-type': type });
      routes['/u'] = page('café', { 'content-type': 'text/plain; charset=none-such' });
      routes['/z'] = page(gzipSync('café'), {
        'content-type': 'text/plain',
        'content-encoding': 'gzip',
      });
      for (const path of ['l', 'u', 'z']) {
        expect(await read(`${site}/${path}`)).toEqual([{ headings: ['Title'], text: 'café' }]);
      }
    });
  });

  describe('refuses', () => {
    it.each<[string, Handler, RegExp]>([
      ['an error', (_request, response) => response.writeHead(503).end(), /answers 503/],
      ['a redirect to nowhere', (_request, response) => response.writeHead(302).end(), /302/],
      ['another type', page('%PDF', { 'content-type': 'application/pdf' }), /application\/pdf/],
      ['no type', (_request, response) => response.end('x'), /unknown/],
      ['a large page', page('x'.repeat(2000)), /larger than 1000/],
      [
        'a large page that hides its size',
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'text/html' });
          response.write('x'.repeat(600));
          response.write('x'.repeat(600));
        },
        /larger than 1000/,
      ],
      [
        'a page that is large unpacked',
        page(gzipSync('x'.repeat(1_000_000)), { 'content-encoding': 'gzip' }),
        /larger than 1000/,
      ],
      ['broken packing', page('no gzip', { 'content-encoding': 'gzip' }), /cannot be reached/],
      ['silence', () => undefined, /too long/],
      [
        'a page that never ends',
        (_request, response) =>
          response.writeHead(200, { 'content-type': 'text/html' }).write('<p>Wait'),
        /too long/,
      ],
      ['a cut connection', (request) => request.socket.destroy(), /cannot be reached/],
    ])('%s', async (_case, handler, message) => {
      const site = allow({ maxBytes: 1000, timeoutMs: 300 });
      routes['/'] = handler;
      const reading = read(`${site}/`);
      await expect(reading).rejects.toThrow(PageUnreadableError);
      await expect(reading).rejects.toThrow(message);
    });

    it('a name that has no address', async () => {
      allow();
      await expect(read('http://nowhere.test/')).rejects.toThrow(PageUnreadableError);
    });

    it('to go on once it is aborted', async () => {
      const site = allow();
      routes['/'] = () => undefined;
      const abort = new AbortController();
      const reading = read(`${site}/`, abort.signal);
      reading.catch(() => undefined);
      await eventually(() => requests.length === 1);
      abort.abort();
      await expect(reading).rejects.toThrow(PageUnreadableError);
    });
  });
});
