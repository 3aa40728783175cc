import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from './environment';
import { StackFileInvalidError } from './errors';

function stackFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'stack-')), 'stack.json');
  writeFileSync(path, content);
  return path;
}

const stack = stackFile(
  JSON.stringify({ env: { DATABASE_URL: 'postgres://stack', REDIS_URL: 'redis://stack' } }),
);

describe('readEnvironment', () => {
  it('takes from the running stack what the process does not set', () => {
    const environment = readEnvironment({
      ASKFLASH_STACK_FILE: stack,
      DATABASE_URL: 'postgres://own',
      REDIS_URL: '',
    });
    expect(environment).toMatchObject({
      DATABASE_URL: 'postgres://own',
      REDIS_URL: 'redis://stack',
    });
  });

  it('lets a file that the process names stand for the variable', () => {
    const environment = readEnvironment({
      ASKFLASH_STACK_FILE: stack,
      DATABASE_URL_FILE: '/run/secrets/url',
    });
    expect(environment).not.toHaveProperty('DATABASE_URL');
  });

  it('takes the process alone where no stack is wanted or none is there', () => {
    for (const path of ['', '/nowhere/stack.json']) {
      expect(readEnvironment({ ASKFLASH_STACK_FILE: path })).toEqual({ ASKFLASH_STACK_FILE: path });
    }
  });

  it.each(['{"env": {"REDIS_URL": "redis://:hunter2@', '{"env": {"REDIS_URL": 6379}}', '[]'])(
    'refuses a broken file without quoting it: %s',
    (content) => {
      const read = () => readEnvironment({ ASKFLASH_STACK_FILE: stackFile(content) });
      expect(read).toThrow(StackFileInvalidError);
      expect(read).not.toThrow(/hunter2/);
    },
  );
});
