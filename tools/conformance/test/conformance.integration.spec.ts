import type { Report } from '@askflash/scenario-kit';
import { RabbitmqManagement } from '@askflash/messaging';
import { eventually, testServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const WORKSPACE_ROOT = resolve(__dirname, '../../..');
const SCENARIOS = [
  'start',
  'valid-result',
  'failure',
  'retry-later',
  'duplicate',
  'malformed',
  'abort',
  'drain',
];

/** The command as it is built. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = { ...testServers() }) {
  const child = spawn(process.execPath, ['dist/tools/conformance/main.js', ...args], {
    cwd: WORKSPACE_ROOT,
    env: { PATH: process.env['PATH'], ASKFLASH_STACK_FILE: '', ...env },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (data) => (output.out += data));
  child.stderr.on('data', (data) => (output.err += data));
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }));
  return { child, output, ended };
}

async function test(...command: string[]) {
  const args = command.length === 0 ? [] : ['--', ...command];
  const { code, out, err } = await start(['--queue', 'websearch.task', '--json', ...args]).ended;
  expect(err).toBe('');
  const report: Report = JSON.parse(out);
  const failures = Object.fromEntries(
    report.scenarios.flatMap(({ name, failure }) => (failure ? [[name, failure]] : [])),
  );
  return { code, report, failures };
}

function vhosts(): Promise<string[]> {
  return new RabbitmqManagement(testServers().RABBITMQ_MANAGEMENT_URL).vhosts();
}

describe('the command conformance', () => {
  /** Whatever a run does, nothing of it may be left. */
  afterEach(async () => {
    expect((await vhosts()).filter((name) => name.startsWith('conformance-'))).toEqual([]);
    const redis = new Redis(testServers().REDIS_URL);
    const left = await redis.keys('conformance:*');
    redis.disconnect();
    expect(left).toEqual([]);
  });

  it('passes an agent of the workspace, and prints a table', async () => {
    const { code, out, err } = await start(['--queue', 'websearch.task']).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.match(/^ ✓ +\d .+ \d+ ms /gm)).toHaveLength(SCENARIOS.length);
    expect(out).toMatch(/\n8 of 8 scenarios passed in \d+ ms\n$/);
  });

  it('passes the example in Python', async () => {
    const { code, report, failures } = await test(
      pythonWithPika(),
      'examples/python-agent/agent.py',
    );
    expect(failures).toEqual({});
    expect(code).toBe(0);
    expect(report.scenarios.map(({ name }) => name)).toEqual(SCENARIOS);
  });

  it('fails a careless agent in all that it does wrong, and says what', async () => {
    const { code, report, failures } = await test(
      process.execPath,
      resolve(__dirname, 'careless-agent.js'),
    );
    expect(code).toBe(1);
    expect(report.status).toBe('failed');
    expect(failures).toMatchObject({
      failure: { code: 'DIRECTIVE_IGNORED' },
      'retry-later': { code: 'DIRECTIVE_IGNORED' },
      duplicate: {
        code: 'CONFORMANCE_VIOLATED',
        message: expect.stringMatching(/reported \d times/),
      },
      malformed: { code: 'CONFORMANCE_VIOLATED', message: expect.stringContaining('no UTF-8') },
      abort: { code: 'CONFORMANCE_VIOLATED', message: expect.stringContaining('aborted') },
      drain: { code: 'CONFORMANCE_VIOLATED', message: expect.stringContaining('exit code 1') },
    });
    expect(Object.keys(failures)).toHaveLength(6);
  });

  it('tells of an agent that ends at once what it said, and runs nothing else', async () => {
    const { report, failures } = await test('sh', '-c', 'echo no such queue >&2; exit 3');
    expect(failures).toEqual({
      start: expect.objectContaining({
        code: 'AGENT_GONE',
        message: expect.stringMatching(/exit code 3; it said:\nno such queue/),
      }),
    });
    expect(report.scenarios.filter(({ status }) => status === 'not-run')).toHaveLength(7);
    expect((await test('no-such-program')).failures['start']?.message).toContain('ENOENT');
  });

  it('removes all of it, the agent too, when it is stopped half-way', async () => {
    const { child, output, ended } = start(['--queue', 'websearch.task']);
    await eventually(() => output.out.includes('Start, probe'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({
      code: 1,
      err: expect.stringContaining('CONFORMANCE_INTERRUPTED'),
    });
  });

  it('ends with 64 where it cannot know what to test, and with 78 without its environment', async () => {
    expect(await start([]).ended).toMatchObject({ code: 64 });
    expect(await start(['--queue', 'nobody.task']).ended).toMatchObject({
      code: 64,
      err: expect.stringContaining('AGENT_UNKNOWN: No agent has the queue nobody.task'),
    });
    expect(await start(['--queue', 'websearch.task'], {}).ended).toMatchObject({ code: 78 });
  });
});

/** Debian’s own, for which `npm test` installs python3-pika, or whichever comes first. */
function pythonWithPika(): string {
  const found = ['/usr/bin/python3', 'python3'].find((python) => {
    try {
      execFileSync(python, ['-c', 'import pika'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('No Python with pika: apt-get install python3-pika');
  return found;
}
