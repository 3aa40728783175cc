import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCredentials } from './credentials.mjs';
import { workspaceRoot } from './workspace.mjs';

const write = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'credentials-')), '.env');
  writeFileSync(file, text);
  return file;
};

describe('readCredentials', () => {
  it('reads the example as it is committed', () => {
    expect(readCredentials(join(workspaceRoot, '.env.example'))).toEqual({
      postgres: { user: 'postgres', password: 'postgres', database: 'askflashdb' },
      redis: { password: 'askflash123' },
      rabbitmq: { user: 'askflash', password: 'askflash123' },
    });
  });

  it('takes quotes off, and passes comments over', () => {
    const file = write(
      [
        '# POSTGRES_USER=nobody',
        'POSTGRES_USER="us er"',
        "POSTGRES_PASSWORD='p=ss'",
        ' POSTGRES_DB = db ',
        'REDIS_PASSWORD=r#1',
        'RABBITMQ_USER=a',
        'RABBITMQ_PASS=b',
      ].join('\n'),
    );
    expect(readCredentials(file)).toMatchObject({
      postgres: { user: 'us er', password: 'p=ss', database: 'db' },
      redis: { password: 'r#1' },
    });
  });

  it('names what is missing', () => {
    expect(() => readCredentials(write('POSTGRES_USER=a\n'))).toThrow(
      /does not set POSTGRES_PASSWORD/,
    );
  });
});
