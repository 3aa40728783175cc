import type { LookupAddress } from 'node:dns';
import { startHttpServer, type TestHttpServer } from '@askflash/testing';
import { PageForbiddenError } from '../errors';
import { isPublicAddress } from './public-address';
import { PageReader } from './page-reader';

/** Names of the public DNS, or of a cloud's, that lead inside. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'localtest.me': ['127.0.0.1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'rebinding.test': ['1.1.1.1', '127.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'printer.test': ['192.168.0.9'],
};

const TRICKS: Readonly<Record<string, readonly string[]>> = {
  'numbers that are addresses': [
    ...['http://2130706433/', 'http://0x7f000001/', 'http://017700000001/', 'http://0/'],
    ...['http://2852039166/', 'http://0xa9fea9fe/', 'http://0xA9.0xFE.0xA9.0xFE/'],
  ],
  'parts left out, octal, hexadecimal or mixed': [
    ...['http://127.1/', 'http://127.0.1/', 'http://0177.0.0.1/', 'http://0x7f.1/'],
    ...['http://0177.0x0.0.1/', 'http://00000177.1/', 'http://0.0.0.0/', 'http://127.0.0.1./'],
  ],
  'other characters for the same': [
    ...[
      'http://１２７.０.０.１/',
      'http://①②⑦.⓪.⓪.①/',
      'http://127。0。0。1/',
      'http://ⓛocalhost/',
    ],
    ...[
      'http://%31%32%37.0.0.1/',
      'http://127%2e0%2e0%2e1/',
      'http://127.0.0\t.1/',
      'http://LOCALHOST/',
    ],
  ],
  'IPv6, and IPv4 inside': [
    ...['http://[::]/', 'http://[::1]/', 'http://[0:0:0:0:0:0:0:1]/', 'http://[::127.0.0.1]/'],
    ...['http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::ffff:a9fe:a9fe]/'],
    ...['http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/', 'http://[fd00:ec2::254]/'],
    ...['http://[fe80::1]/', 'http://[ff02::1]/', 'http://[fc00::1]/'],
  ],
  'metadata of clouds': [
    ...['http://169.254.169.254/latest/meta-data/', 'http://100.100.100.200/'],
    ...['http://192.0.0.192/', 'http://168.63.129.16/', 'http://169.254.170.2/v2/credentials'],
  ],
  'names that lead inside': Object.keys(NAMES).map((name) => `http://${name}/`),
  'names of this machine': ['http://localhost/', 'http://localhost./', 'http://a.localhost/'],
  'two hosts in one URL': [
    ...['http://example.com@127.0.0.1/', 'http://127.0.0.1#@example.com/'],
    ...[
      'http://127.0.0.1\\@example.com/',
      'http://example.com:80@127.0.0.1/',
      'http://@127.0.0.1/',
    ],
  ],
  'slashes missing or turned': [
    ...['http:127.0.0.1/', 'http:/127.0.0.1/', 'http:\\\\127.0.0.1\\', 'http:///127.0.0.1/'],
    ' \nhttp://127.0.0.1/',
  ],
  'other schemes': [
    ...['file:///etc/passwd', 'FILE:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/_'],
    ...['dict://127.0.0.1:6379/info', 'ldap://127.0.0.1/', 'ws://127.0.0.1/', 'javascript:1'],
    ...[
      'data:text/html,x',
      'jar:http://127.0.0.1!/',
      'blob:http://127.0.0.1/x',
      'unix:/run/a.sock',
    ],
  ],
};

describe('a page that lies inside, whatever it is called', () => {
  let inside: TestHttpServer;
  let asked: number;
  let location = '';

  beforeAll(async () => {
    inside = await startHttpServer((request, response) => {
      if (request.headers.host?.startsWith('outside.test')) {
        return response.writeHead(302, { location }).end();
      }
      asked += 1;
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>secret</p>');
    });
  });
  beforeEach(() => (asked = 0));
  afterAll(() => inside.close());

  /** Reads a page with names that resolve as above; only outside.test is let through to loopback. */
  async function read(url: string): Promise<unknown> {
    let isOutside = false;
    const reader = new PageReader({
      isAllowed: (address) => {
        const allowed = isOutside || isPublicAddress(address);
        isOutside = false;
        return allowed;
      },
      resolve: (name, done) => {
        isOutside = name === 'outside.test';
        done(null, addressesOf(name));
      },
    });
    try {
      return await reader.read({ url, title: '', snippet: '' }, new AbortController().signal);
    } finally {
      await reader.onModuleDestroy();
    }
  }

  /** The page of this test's server, where the URL names a host and no port. */
  const withPort = (url: string) =>
    URL.canParse(url) && new URL(url).protocol === 'http:' && new URL(url).port === ''
      ? url.replace(
          /^(\s*http:[/\\]*(?:[^/\\#]*@)?(?:\[[^\]]*\]|[^/\\#?:]+))/i,
          `$1:${inside.port}`,
        )
      : url;

  describe.each(Object.entries(TRICKS))('%s', (_trick, urls) => {
    it.each(urls)('%s is not asked for', async (url) => {
      await expect(read(withPort(url))).rejects.toThrow(PageForbiddenError);
      expect(asked).toBe(0);
    });

    it.each(urls)('%s is not redirected to', async (url) => {
      // What is relative leads back to the same page.
      location = withPort(url).replace(/[^\x20-\x7e]+/g, encodeURIComponent);
      await expect(read(`http://outside.test:${inside.port}/`)).rejects.toThrow();
      expect(asked).toBe(0);
    });
  });

  it('would be read if it lay outside', async () => {
    location = '/';
    await expect(read(`http://outside.test:${inside.port}/`)).rejects.toThrow(
      'redirects more than',
    );
  });
});

function addressesOf(name: string): LookupAddress[] {
  const isLocal = /(^|\.)(localhost|outside\.test)\.?$/.test(name);
  const addresses = isLocal ? ['127.0.0.1'] : (NAMES[name] ?? []);
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}
