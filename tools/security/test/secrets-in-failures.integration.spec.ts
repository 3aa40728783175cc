import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { eventually, freePort } from '@askflash/testing';
import { createBackboneWithLogins, type BackboneWithLogins } from './support/logins';
import { Marks } from './support/marks';
import { RunningApps } from './support/running-apps';
import { secretsOfOthers } from './support/secrets-of-others';

const WORKSPACE_ROOT = resolve(__dirname, '../../..');
const APPS = ['coordinator', 'health-monitor', 'agents/executor'];

const marks = new Marks();
let backbone: BackboneWithLogins;

beforeAll(async () => {
  backbone = await createBackboneWithLogins((server) => marks.secret(server));
});
afterAll(() => backbone?.remove());

describe('where an app cannot work', () => {
  const wrong = (server: string) => `wrong-${marks.secret(server)}`;

  /** The variables of servers that are not there. */
  const nowhere = async () => {
    const port = await freePort();
    const login = `me:${marks.secret('nowhere')}`;
    return {
      DATABASE_URL: `postgres://${login}@127.0.0.1:${port}/none`,
      REDIS_URL: `redis://${login}@127.0.0.1:${port}`,
      RABBITMQ_URL: `amqp://${login}@127.0.0.1:${port}`,
      RABBITMQ_MANAGEMENT_URL: `http://${login}@127.0.0.1:${port}`,
    };
  };

  it.each([
    ['the passwords are wrong', async () => backbone.withPasswords(wrong)],
    ['the servers are away', nowhere],
  ])('because %s, neither logs nor readiness tell one', async (_why, env) => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const others = secretsOfOthers(marks, { traces: nobody, refusing: nobody });
    const broken = new RunningApps({ ...(await env()), ...others, LOG_LEVEL: 'trace' });
    let told = '';
    try {
      for (const app of APPS) await broken.start(app);
      await eventually(
        async () => {
          const { body } = await broken.ask('health-monitor', '/health/ready');
          told += body;
          return /"postgres":\{"status":"down"[^]*"redis":\{"status":"down"/.test(body)
            ? true
            : undefined;
        },
        { timeoutMs: 60_000, intervalMs: 200, what: 'the health-monitor to find nobody' },
      );
      const complaints = ['Database', 'Messaging', 'RedisTasks'];
      await eventually(() => complaints.every((name) => broken.written.includes(name)), {
        timeoutMs: 60_000,
        what: 'all complaints',
      });
    } finally {
      await broken.stop();
    }
    expect(marks.findIn(broken.written + told)).toEqual([]);
  });

  it.each([
    ['queue-init', 'plan', async () => backbone.withPasswords(wrong)],
    ['queue-init', 'plan', nowhere],
    ['migration-runner', 'status', async () => backbone.withPasswords(wrong)],
    ['migration-runner', 'status', nowhere],
  ])('no job tells one: %s %s', async (job, command, env) => {
    const { code, said } = await runJob(job, command, await env());
    expect(code).toBe(69);
    expect(marks.findIn(said)).toEqual([]);
  });

  it.each([
    ['queue-init', 'plan'],
    ['migration-runner', 'status'],
    ['coordinator', ''],
    ['health-monitor', ''],
    ['agents/executor', ''],
  ])('for its variables are bad, %s names them and tells none', async (app, command) => {
    const bad = (scheme: string) => `${scheme}//${marks.secret(scheme)}@`;
    const { code, said } = await runJob(app, command, {
      DATABASE_URL: bad('postgres'),
      REDIS_URL: bad('redis'),
      RABBITMQ_URL: bad('amqp'),
      RABBITMQ_MANAGEMENT_URL: bad('http'),
      APP_LOGIN: marks.secret('login'),
      APP_LOGINS: marks.secret('logins'),
      COORDINATOR_API_KEYS: marks.secret('keys'),
      HTTP_HOST: marks.secret('host'),
      LOG_LEVEL: marks.secret('level'),
    });
    expect(said).toMatch(/CONFIG_INVALID: \w+ must be/);
    expect(code).toBe(78);
    expect(marks.findIn(said)).toEqual([]);
  });
});

/** Runs an app that ends by itself, and gives all that it says. */
function runJob(
  app: string,
  command: string,
  env: Record<string, string>,
): Promise<{ code: unknown; said: string }> {
  const main = join(WORKSPACE_ROOT, 'dist/apps', app, 'main.js');
  const options = { env: { PATH: process.env['PATH'], ASKFLASH_STACK_FILE: '', ...env } };
  return new Promise((done) => {
    execFile(process.execPath, [main, command], options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : error.code, said: stdout + stderr }),
    );
  });
}
