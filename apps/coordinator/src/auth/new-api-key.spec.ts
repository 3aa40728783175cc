import { apiKeysVariable, loadConfig } from '@askflash/config';
import { ApiKeys } from '@askflash/service-kit';
import { ApiKeyUsageError } from './errors';
import { newApiKey } from './new-api-key';

describe('newApiKey', () => {
  it.each([
    [['--name', 'ops', '--role', 'admin'], { name: 'ops', role: 'admin' }],
    [
      ['--name=web', '--role=submit', '--user=ada:7'],
      { name: 'web', role: 'submit', userId: 'ada:7' },
    ],
  ])('%j prints a key and the line that lets it in', (args, caller) => {
    const printed = newApiKey(args)
      .split('\n')
      .map((line) => line.trim());
    const key = printed.find((line) => line.startsWith('askflash_')) ?? '';
    const stored = printed.find((line) => line.startsWith(`${caller.name}:`)) ?? '';
    const { keys } = loadConfig({ keys: apiKeysVariable('KEYS', '') }, { KEYS: stored });
    expect(new ApiKeys(keys).find(key)).toEqual(caller);
  });

  it.each([
    [[]],
    [['--name', 'ops']],
    [['--name', 'ops', '--role', 'root']],
    [['--name', 'O p s', '--role', 'read']],
    [['--name', 'ops', '--role', 'read', '--user', 'ada']],
    [['--name', 'web', '--role', 'submit', '--user', 'a\nb']],
    [['--name', 'ops', '--role', 'read', '--colour', 'red']],
  ])('refuses %j', (args) => expect(() => newApiKey(args)).toThrow(ApiKeyUsageError));
});
