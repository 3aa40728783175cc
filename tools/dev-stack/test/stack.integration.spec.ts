import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@askflash/testing';
import { ELSEWHERE, Sandbox } from './sandbox';

const SERVERS = ['PostgreSQL', 'RabbitMQ', 'RabbitMQ’s name server', 'Redis'];
const APPS = ['coordinator', 'embedding-agent', 'health-monitor'];

let sandbox: Sandbox;
beforeEach(() => void (sandbox = new Sandbox()));
afterEach(() => sandbox.remove());

const startDetached = (env = {}) => sandbox.run('start.mjs', ['--detach'], env);

describe('a stack with servers of its own', () => {
  it('comes up, is found again, and ends with nothing left but its data', async () => {
    const { code, output } = await startDetached();
    expect(output).toContain('verified');
    expect(output).toContain('The backbone is up.');
    expect(output).not.toContain('askflash123');
    expect(code).toBe(0);
    expect(Object.keys(sandbox.environment()).sort()).toEqual([
      'APP_LOGINS',
      'COORDINATOR_URL',
      'DATABASE_URL',
      'HEALTH_MONITOR_URL',
      'RABBITMQ_MANAGEMENT_URL',
      'RABBITMQ_URL',
      'REDIS_URL',
    ]);
    const processes = sandbox.started()?.processes ?? [];
    expect(sandbox.alive().sort()).toEqual([...SERVERS, ...APPS]);

    const again = await startDetached();
    expect(again.output).toContain('The stack runs already.');
    expect(again.code).toBe(0);

    const stopped = await sandbox.run('stop.mjs');
    expect(stopped.code).toBe(0);
    expect(sandbox.alive(processes)).toEqual([]);
    expect(sandbox.environment()).toEqual({});
    expect(existsSync(join(sandbox.root, '.local/postgres/data'))).toBe(true);

    expect((await sandbox.run('stop.mjs', ['--wipe'])).code).toBe(0);
    expect(existsSync(join(sandbox.root, '.local/postgres'))).toBe(false);
  });

  it('recovers from a start that was killed half-way', async () => {
    const killed = sandbox.spawn('start.mjs', ['--detach']);
    await eventually(() => sandbox.alive().includes('PostgreSQL'));
    killed.child.kill('SIGKILL');
    await killed.exit;
    const left = sandbox.started()?.processes ?? [];
    const { code, output } = await startDetached();
    expect(output).toContain('clearing up after it');
    expect(code).toBe(0);
    expect(sandbox.alive(left)).toEqual([]);
    expect(sandbox.alive().sort()).toEqual([...SERVERS, ...APPS]);
  });

  it('is given up by `npm stop` while its start is under way', async () => {
    const running = sandbox.spawn('start.mjs', ['--detach']);
    const seen = await eventually(() =>
      sandbox.alive().includes('RabbitMQ') ? sandbox.started() : undefined,
    );
    expect((await sandbox.run('stop.mjs')).code).toBe(0);
    expect(await running.exit).toBe(130);
    expect(sandbox.alive(seen.processes)).toEqual([]);
    expect(sandbox.started()).toBeUndefined();
  });
});

describe('a stack with servers that run elsewhere', () => {
  const startThere = () => startDetached(ELSEWHERE);

  it('uses them as the environment names them, and starts none', async () => {
    sandbox.write(
      'dist/apps/queue-init/main.js',
      'console.log(process.env.DATABASE_URL, process.env.ASKFLASH_STACK_FILE === "")',
    );
    expect((await startThere()).code).toBe(0);
    expect(sandbox.alive().sort()).toEqual(APPS);
    expect(sandbox.environment()).toMatchObject(ELSEWHERE);
    expect(readFileSync(join(sandbox.root, '.local/log/queue-init.log'), 'utf8')).toContain(
      `${ELSEWHERE.DATABASE_URL} true`,
    );
  });

  it('starts its apps anew where the sources have changed, new agents among them', async () => {
    await startThere();
    const before = sandbox.started()?.processes ?? [];
    const { COORDINATOR_URL } = sandbox.environment();
    sandbox.addAgent('summarizer');
    sandbox.builtNow();
    const { code, output } = await startThere();
    expect(output).toContain('The sources have changed');
    expect(output).toMatch(/summarizer-agent +http:.*\/metrics/);
    expect(code).toBe(0);
    expect(sandbox.alive().sort()).toEqual([...APPS, 'summarizer-agent']);
    expect(sandbox.alive(before)).toEqual([]);
    expect(sandbox.environment()['COORDINATOR_URL']).toBe(COORDINATOR_URL);
    expect((await startThere()).output).toContain('The stack runs already.');
  });

  it('is started anew where a part of it has died', async () => {
    await startThere();
    const dying = sandbox.started()?.processes.find(({ name }) => name === 'coordinator');
    process.kill(dying?.pid ?? 0, 'SIGKILL');
    await eventually(() => !sandbox.alive().includes('coordinator'));
    const { code, output } = await startThere();
    expect(output).toContain('not whole any more (ended: coordinator)');
    expect(code).toBe(0);
    expect(sandbox.alive().sort()).toEqual(APPS);
  });

  it('ends all it started where an app does not come up, and shows the end of its log', async () => {
    sandbox.write(
      'dist/apps/coordinator/main.js',
      'setTimeout(() => { console.error("relation is in the way"); process.exit(3) }, 500)',
    );
    const failing = sandbox.spawn('start.mjs', ['--detach'], ELSEWHERE);
    const seen = await eventually(() =>
      sandbox.started()?.processes.length === 2 ? sandbox.started() : undefined,
    );
    expect(await failing.exit).toBe(1);
    expect(failing.output).toMatch(/coordinator ended at its start.*relation is in the way/s);
    expect(sandbox.alive(seen.processes)).toEqual([]);
    expect(sandbox.started()).toBeUndefined();
  });

  it('does not come up where a job fails, and shows the end of its log', async () => {
    sandbox.write(
      'dist/apps/migration-runner/main.js',
      'console.error("checksum differs"); process.exit(4)',
    );
    const { code, output } = await startThere();
    expect(code).toBe(1);
    expect(output).toMatch(/migration-runner.*exit code 4.*checksum differs/s);
    expect(sandbox.started()).toBeUndefined();
  });

  it('stays up, with exit code 1, where the check fails', async () => {
    sandbox.write('dist/tools/verify/main.js', 'process.exit(1)');
    const { code, output } = await startThere();
    expect(code).toBe(1);
    expect(output).toContain('the check above failed');
    expect(sandbox.alive().sort()).toEqual(APPS);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in the foreground on %s', async (signal) => {
    const running = sandbox.spawn('start.mjs', [], ELSEWHERE);
    await eventually(() => running.output.includes('Ctrl-C stops it'), { timeoutMs: 60_000 });
    const processes = sandbox.started()?.processes ?? [];
    running.child.kill(signal);
    expect(await running.exit).toBe(0);
    expect(sandbox.alive(processes)).toEqual([]);
  });

  it('in the foreground tells of an app that dies, and leaves when it is stopped', async () => {
    const running = sandbox.spawn('start.mjs', [], ELSEWHERE);
    await eventually(() => running.output.includes('Ctrl-C stops it'), { timeoutMs: 60_000 });
    const dying = sandbox.started()?.processes.find(({ name }) => name === 'embedding-agent');
    process.kill(dying?.pid ?? 0, 'SIGKILL');
    await eventually(() => running.output.includes('embedding-agent has ended'));
    expect((await sandbox.run('stop.mjs')).code).toBe(0);
    expect(await running.exit).toBe(0);
    expect(running.output).toContain('The stack was stopped.');
  });

  it('lets a tool run on it, with its arguments and on standard output nothing else', async () => {
    sandbox.write(
      'dist/tools/ask/main.js',
      'console.log(JSON.stringify([process.argv.slice(2), process.env.COORDINATOR_URL]))',
    );
    await startThere();
    const { code, output } = await sandbox.run('run.mjs', ['ask', 'How?', '--json']);
    expect(JSON.parse(output)).toEqual([
      ['How?', '--json'],
      sandbox.environment()['COORDINATOR_URL'],
    ]);
    expect(code).toBe(0);
    await sandbox.run('stop.mjs');
    const without = await sandbox.run('run.mjs', ['ask', 'How?']);
    expect(without).toMatchObject({ code: 69, output: expect.stringContaining('npm start') });
  });
});
