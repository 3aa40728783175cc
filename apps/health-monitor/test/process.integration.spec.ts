import { createTestBackbone, eventually, freePort, type TestBackbone } from '@askflash/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../../dist/apps/health-monitor/main.js');

/** The app as it is built and deployed. */
function start(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ASKFLASH_STACK_FILE: '', ...env },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (data) => (output.out += data));
  child.stderr.on('data', (data) => (output.err += data));
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { child, output, exited };
}

describe('the health-monitor’s process', () => {
  let backbone: TestBackbone;

  beforeAll(async () => {
    backbone = await createTestBackbone();
  });
  afterAll(() => backbone?.remove());

  it('ends with 78 and names what is wrong in its environment', async () => {
    const { exited, output } = start({ DATABASE_URL: 'mysql://root:hunter2@h' });
    expect(await exited).toEqual({ code: 78, signal: null });
    expect(output.err).toMatch(/^CONFIG_INVALID: DATABASE_URL must be .*RABBITMQ_URL is not set/);
    expect(output.err + output.out).not.toContain('hunter2');
  });

  it('logs JSON without credentials, and ends with 0 on SIGTERM', async () => {
    const port = await freePort();
    const { child, exited, output } = start({ ...backbone.env, HEALTH_MONITOR_PORT: `${port}` });
    try {
      const ready = `http://127.0.0.1:${port}/health/ready`;
      await eventually(async () => (await fetch(ready)).status === 200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(output.err).toBe('');
    const lines = output.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ app }) => app))).toEqual(new Set(['health-monitor']));
    expect(output.out).not.toContain('askflash123');
  });
});
