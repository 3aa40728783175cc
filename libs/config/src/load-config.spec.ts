import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_CONFIGS } from './apps/all';
import { ConfigInvalidError } from './errors';
import { loadConfig } from './load-config';
import { DATABASE_URL, LOG_LEVEL } from './shared-variables';
import { integer, optional, text, url } from './variable';

const ALLOWED = { ALLOW_PLAIN_TEXT: 'true', ALLOW_DEFAULT_SECRETS: 'true' };
const RETRIES = integer('RETRIES_COUNT', [0, 5], 'Retries', { default: '2' });

describe('loadConfig', () => {
  it('reads, checks and types every setting', () => {
    const config = loadConfig(
      { url: DATABASE_URL, level: LOG_LEVEL, retries: RETRIES },
      { DATABASE_URL: 'postgres://localhost/x', RETRIES_COUNT: '5' },
    );
    expect(config).toEqual({ url: 'postgres://localhost/x', level: 'info', retries: 5 });
  });

  it('names every bad variable and never a value', () => {
    const load = () =>
      loadConfig(
        { url: DATABASE_URL, level: LOG_LEVEL, retries: RETRIES },
        { DATABASE_URL: 'mysql://root:hunter2@db', LOG_LEVEL: 'loud', RETRIES_COUNT: '6' },
      );
    expect(load).toThrow(ConfigInvalidError);
    try {
      load();
    } catch (error) {
      const { message, problems } = error as ConfigInvalidError;
      expect(problems.map(({ variable }) => variable)).toEqual([
        'DATABASE_URL',
        'LOG_LEVEL',
        'RETRIES_COUNT',
      ]);
      expect(message).toContain('RETRIES_COUNT must be a whole number from 0 to 5');
      expect(message).not.toMatch(/hunter2|loud/);
    }
  });

  it('takes hosts only for the nodes of a cluster', () => {
    const load = (node: string) =>
      loadConfig(
        { url: DATABASE_URL },
        { DATABASE_URL: `postgres://one/x?node=${node}`, ...ALLOWED },
      );
    expect(['two', 'two:5432', '[::1]:5432'].map((node) => load(node).url)).toHaveLength(3);
    for (const node of ['', 'two:hunter2', 'me:hunter2@two', 'two/x']) {
      expect(() => load(node)).toThrow(/DATABASE_URL must be a URL/);
    }
  });

  it('reads a secret from the file that *_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'url');
    writeFileSync(file, 'postgres://localhost/from-file\n');
    expect(loadConfig({ url: DATABASE_URL }, { DATABASE_URL_FILE: file })).toEqual({
      url: 'postgres://localhost/from-file',
    });
  });

  it('says so where that file cannot be read', () => {
    expect(() => loadConfig({ url: DATABASE_URL }, { DATABASE_URL_FILE: '/nowhere/x' })).toThrow(
      /DATABASE_URL_FILE names is missing/,
    );
  });

  it('says so where that file is empty, also of a variable that may be left out', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'empty');
    writeFileSync(file, '\n');
    const shape = { token: optional(text('TOKEN', 'A token', { secret: true })) };
    expect(() => loadConfig(shape, { TOKEN_FILE: file })).toThrow(
      /TOKEN must not be an empty file/,
    );
    expect(loadConfig(shape, { TOKEN_FILE: '' })).toEqual({ token: undefined });
  });

  it('leaves an optional variable undefined, in its type too', () => {
    const shape = { proxy: optional(url('PROXY_URL', ['http'], 'A proxy')) };
    const { proxy } = loadConfig(shape, {});
    const mayBeUndefined: undefined extends typeof proxy ? true : false = true;
    expect([proxy, mayBeUndefined]).toEqual([undefined, true]);
    expect(loadConfig(shape, { PROXY_URL: 'http://[::1]' })).toEqual({ proxy: 'http://[::1]' });
    for (const PROXY_URL of ['proxy', 'HTTP://[::1]', ' http://[::1]']) {
      expect(() => loadConfig(shape, { PROXY_URL })).toThrow(/must be a URL/);
    }
  });

  it.each(Object.entries(APP_CONFIGS))(
    'the defaults of %s pass their own checks',
    (_app, shape) => {
      for (const variable of Object.values(shape)) {
        if (variable.default !== undefined) {
          expect(variable.schema.safeParse(variable.default).success).toBe(true);
        }
      }
    },
  );
});
