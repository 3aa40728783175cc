import { apiKeysVariable, loadConfig } from '@askflash/config';
import { ApiKeys, makeApiKey } from './api-keys';
import { bearerOf, challengesFor, passwordOf } from './authorization';
import { checkExposure } from './check-exposure';
import { KeysNotConfiguredError } from './errors';

const read = (text: string) =>
  loadConfig({ keys: apiKeysVariable('KEYS', 'Keys') }, { KEYS: text }).keys;

describe('ApiKeys', () => {
  const ops = makeApiKey({ name: 'ops', role: 'admin' });
  const web = makeApiKey({ name: 'web', role: 'submit', userId: 'ada' });
  const stored = `${ops.line}\n${web.line}`;
  const keys = new ApiKeys(read(stored));

  it('knows a key by the line it is stored under', () => {
    expect(keys.find(ops.key)).toEqual({ name: 'ops', role: 'admin' });
    expect(keys.findByHeader(`Bearer ${web.key}`)).toEqual({
      name: 'web',
      role: 'submit',
      userId: 'ada',
    });
  });

  it('stores nothing from which the key could be told', () => {
    expect(stored).not.toContain(ops.key);
    expect(stored).not.toContain(ops.key.slice(-10));
  });

  it('makes keys that are long, and never the same', () => {
    const made = Array.from({ length: 100 }, () => makeApiKey({ name: 'x', role: 'read' }).key);
    expect(new Set(made).size).toBe(100);
    expect(made.every((key) => /^askflash_[\w-]{43}$/.test(key))).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['half of it', ops.key.slice(0, -1)],
    ['its hash', ops.line.split(':').at(-1) ?? ''],
    ['another one', makeApiKey({ name: 'ops', role: 'admin' }).key],
  ])('does not take %s for a key', (_what, text) => {
    expect(keys.find(text)).toBeUndefined();
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic b3BzOng=', 'Bearer a b', 'a'])(
    'finds no key in the header %j',
    (header) => expect(bearerOf(header)).toBeUndefined(),
  );

  it('takes the scheme in any case', () => {
    expect(bearerOf('bearer abc')).toBe('abc');
    expect(passwordOf(`BASIC ${btoa('ops:abc')}`)).toBe('abc');
  });

  it('finds the key in the password of a browser, whatever the user is called', () => {
    for (const user of ['', 'ops', 'Zoë']) {
      const login = Buffer.from(`${user}:${web.key}`).toString('base64');
      expect(keys.findByHeader(`Basic ${login}`)?.name).toBe('web');
    }
  });

  it.each([undefined, 'Basic', 'Basic !', `Basic ${btoa('ops')}`, `Basic ${btoa('ops:')}`])(
    'finds no password in the header %j',
    (header) => expect(passwordOf(header)).toBeUndefined(),
  );
});

describe('challengesFor', () => {
  it('lets browsers ask their user, and nobody else', () => {
    expect(challengesFor('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8')).toEqual([
      'Bearer',
      'Basic realm="askflash", charset="UTF-8"',
    ]);
    for (const accept of [undefined, '*/*', 'application/json', 'text/event-stream']) {
      expect(challengesFor(accept)).toEqual(['Bearer']);
    }
  });
});

describe('checkExposure', () => {
  const apiKeys = read(makeApiKey({ name: 'ops', role: 'admin' }).line);

  it.each(['0.0.0.0', '::'] as const)('refuses %s without keys only', (httpHost) => {
    expect(() => checkExposure({ httpHost, apiKeys: undefined })).toThrow(KeysNotConfiguredError);
    expect(() => checkExposure({ httpHost, apiKeys })).not.toThrow();
  });

  it.each(['127.0.0.1', '::1'] as const)('takes %s without keys', (httpHost) => {
    expect(() => checkExposure({ httpHost, apiKeys: undefined })).not.toThrow();
  });
});
