import { createTestBackbone, type TestBackbone } from '@askflash/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../../dist/tools/verify/main.js');

/** The command as it is built. */
async function run(env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], ASKFLASH_STACK_FILE: '', ...env },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (data) => (output.out += data));
  child.stderr.on('data', (data) => (output.err += data));
  const [code] = await once(child, 'close');
  return { code, ...output };
}

describe('the command verify', () => {
  let backbone: TestBackbone;

  beforeAll(async () => {
    backbone = await createTestBackbone();
  });
  afterAll(() => backbone?.remove());

  it('prints a table and ends with 0 on a stack that works', async () => {
    const { code, out, err } = await run({ ...backbone.env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.match(/^ ✓ +\d .+ \d+ ms /gm)).toHaveLength(9);
    expect(out).toMatch(/\n9 of 9 scenarios passed in \d+ ms\n$/);
  });

  it('prints its report as JSON and ends with 1 on one that does not', async () => {
    const { code, out } = await run(
      { ...backbone.env, REDIS_URL: 'redis://127.0.0.1:1' },
      '--json',
    );
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report.status).toBe('failed');
    expect(report.scenarios).toHaveLength(9);
    expect(report.scenarios[2]).toMatchObject({ name: 'redis', status: 'failed' });
    expect(report.scenarios[8]).toMatchObject({ name: 'end-to-end', status: 'not-run' });
  });

  it('ends with 64 on arguments it does not know, and with 78 without its environment', async () => {
    expect(await run({}, '--nope')).toMatchObject({
      code: 64,
      err: expect.stringContaining('VERIFY_USAGE'),
    });
    expect(await run({})).toMatchObject({
      code: 78,
      err: expect.stringContaining('DATABASE_URL is not set'),
    });
  });
});
