import fc from 'fast-check';
import { API_KEY_ROLES, apiKeysVariable, formatApiKey } from './api-keys';
import { ConfigInvalidError } from './errors';
import { loadConfig } from './load-config';
import { optional } from './variable';

const shape = { keys: optional(apiKeysVariable('KEYS', 'Keys')) };
const read = (text: string) => loadConfig(shape, { KEYS: text }).keys;

const HASH = 'a'.repeat(64);
const OTHER_HASH = 'b'.repeat(64);

describe('apiKeysVariable', () => {
  it('reads one key a line, comments and empty lines aside', () => {
    expect(read(`# who may what\n\nops:admin:${HASH}\r\n web:submit:ada:${OTHER_HASH}\n`)).toEqual([
      { name: 'ops', role: 'admin', hash: HASH },
      { name: 'web', role: 'submit', userId: 'ada', hash: OTHER_HASH },
    ]);
  });

  it('reads what formatApiKey wrote, whatever the user is called', () => {
    const userId = fc.stringMatching(/^[!-~][ -~]{0,30}[!-~]$/);
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
    const key = fc.oneof(
      fc.record({ name: fc.constant('web'), role: fc.constant('submit' as const), userId, hash }),
      fc.record({ name: fc.constant('web'), role: fc.constantFrom(...API_KEY_ROLES), hash }),
    );
    fc.assert(fc.property(key, (each) => expect(read(formatApiKey(each))).toEqual([each])));
  });

  it.each([
    ['no key at all', '# none yet'],
    ['a role that there is not', `ops:root:${HASH}`],
    ['a key that is not hashed', 'ops:admin:askflash_hunter2'],
    ['a user on a role that sees every user', `ops:read:ada:${HASH}`],
    ['a user without a name', `web:submit::${HASH}`],
    ['a name twice', `ops:admin:${HASH}\nops:read:${OTHER_HASH}`],
    ['a key twice', `ops:admin:${HASH}\nweb:read:${HASH}`],
    ['half a line', 'ops:admin'],
  ])('refuses %s, without quoting it', (_what, text) => {
    expect(() => read(text)).toThrow(ConfigInvalidError);
    expect(() => read(text)).not.toThrow(/hunter2|aaaa/);
  });
});
