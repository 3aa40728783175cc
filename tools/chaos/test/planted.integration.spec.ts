import { AGENTS } from '@askflash/contracts';
import { eventually, type TaskFacts } from '@askflash/testing';
import { Redis } from 'ioredis';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, type Checked } from '../src/check/check';
import { checkConnections } from '../src/check/connections';
import type { Finding } from '../src/check/finding';
import { Client } from '../src/load/client';
import { storeTemplates } from '../src/load/store-templates';
import { layoutOf } from '../src/plan/layout';
import { makePlan } from '../src/plan/plan';
import { withPostgres, withRabbitmq, withRedis } from '../src/rig/clients';
import { Rig } from '../src/rig/rig';
import { Servers } from '../src/rig/servers';
import { comeToRest } from '../src/round/rest';

const TASK_COUNT = 20;
const PLANTED_COUNT = 10;
const TEMPLATE = 'standard_query';

/** A checker that never finds anything proves nothing: each test breaks one promise by hand. */
describe('the checks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-chaos-'));
  const folders = { ledgers: join(folder, 'ledgers'), logs: join(folder, 'logs') };
  let servers: Servers;
  let rig: Rig;
  let client: Client;
  let asked: string[];
  /** Tasks that ran through every stage, of which each test spoils one. */
  let whole: TaskFacts[];

  beforeAll(async () => {
    for (const path of Object.values(folders)) mkdirSync(path);
    servers = await Servers.start();
    const layout = layoutOf({ isLong: false, hasPrevious: false });
    rig = await Rig.start(layout, servers, { ...folders, previous: undefined });
    const plan = makePlan({ seed: 1, minutes: 1, rate: 1, hasPrevious: false });
    await storeTemplates(rig.coordinatorUrls[0] ?? '', plan.templates);
    client = new Client(rig.coordinatorUrls);
    const tasks = (plan.rounds[0]?.tasks ?? []).slice(0, TASK_COUNT).map((task) => ({
      ...task,
      template: TEMPLATE,
      deadlineMs: undefined,
      abortAfterMs: undefined,
    }));
    asked = tasks.map(({ key }) => key);
    await Promise.all(tasks.map((task) => client.handIn(task, AbortSignal.timeout(60_000))));
    expect((await comeToRest(rig, 60_000)).busy).toBeNull();
    const { findings, tasks: facts } = await look();
    expect(findings).toEqual([]);
    whole = facts.filter(({ status }) => status === 'complete');
    expect(whole.length).toBeGreaterThanOrEqual(PLANTED_COUNT);
  }, 300_000);

  afterAll(async () => {
    await rig?.stop();
    await servers?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const look = (): Promise<Checked> => check({ rig, client, asked, wasCalm: () => true });

  function victim(): TaskFacts {
    const task = whole.shift();
    if (!task) throw new Error('Every task is spoilt already');
    return task;
  }

  async function finds(invariant: Finding['invariant'], taskId: string | null): Promise<void> {
    const { findings } = await look();
    const place = { invariant, taskId };
    expect(
      findings.map((finding) => ({ invariant: finding.invariant, taskId: finding.taskId })),
    ).toContainEqual(place);
  }

  const query = (sql: string, values: unknown[]) =>
    withPostgres(rig.env.DATABASE_URL, (postgres) => postgres.query(sql, values));

  function write(taskId: string, entry: { stage: string; attempt: number; us: number }): void {
    const line = { taskId, what: 'begun', pid: 1, at: new Date().toISOString(), ...entry };
    appendFileSync(join(folders.ledgers, 'planted.jsonl'), `${JSON.stringify(line)}\n`);
  }

  it('find a task that was accepted and is lost: I1', async () => {
    const { id } = victim();
    await query('DELETE FROM task_stage_logs WHERE task_id = $1', [id]);
    await query('DELETE FROM agent_performance WHERE task_id = $1', [id]);
    await query('DELETE FROM task_histories WHERE id = $1', [id]);
    await finds('I1', id);
  });

  it('find two tasks under one key: I3', async () => {
    const { id } = victim();
    await query('UPDATE task_histories SET idempotency_key = $2 WHERE id = $1', [id, 'another']);
    await finds('I3', id);
  });

  it('find an end that was written twice: I2', async () => {
    const { id } = victim();
    await repeatEvent(id, 'task.finished');
    await finds('I2', id);
  });

  it('find an attempt that nobody requested: I3', async () => {
    const { id } = victim();
    write(id, { stage: 'moderation', attempt: 99, us: 2 ** 52 });
    await finds('I3', id);
  });

  it('find a stage that began too early: I4', async () => {
    const { id } = victim();
    write(id, { stage: 'moderation', attempt: 1, us: 0 });
    await finds('I4', id);
  });

  it('find an attempt that changed its task twice: I5', async () => {
    const { id } = victim();
    await repeatEvent(id, 'stage.completed');
    await finds('I5', id);
  });

  it('find an attempt too many: I6', async () => {
    const { id } = victim();
    await query(
      `UPDATE task_stage_logs SET attempt = 99 WHERE task_id = $1 AND type = 'stage.requested'`,
      [id],
    );
    await finds('I6', id);
  });

  it('find an attempt that ran twice for no reason', async () => {
    const { id } = victim();
    write(id, { stage: 'moderation', attempt: 1, us: 2 ** 52 });
    await finds('effects', id);
  });

  it('find a view that is not as the database has it: I8', async () => {
    const { id } = victim();
    const key = `task:{${id}}`;
    await withRedis(rig.env.REDIS_URL, async (redis) => {
      // The checks before have taken every view away: a read brings it back.
      await fetch(`${rig.coordinatorUrls[0]}/tasks/${id}`);
      const view = await eventually(() => redis.hget(key, 'view'));
      await redis.hset(key, 'view', view.replace('"complete"', '"failed"'));
    });
    await finds('I8', id);
  });

  it('find a message that was given up without need: I6', async () => {
    await withRabbitmq(rig.env.RABBITMQ_URL, async (connection) => {
      const channel = await connection.createConfirmChannel();
      channel.sendToQueue('mcp.dead_letter', Buffer.from('{}'));
      await channel.waitForConfirms();
    });
    await finds('I6', null);
  });

  it('find final responses that were never sent: I7', async () => {
    await withRabbitmq(rig.env.RABBITMQ_URL, async (connection) => {
      const channel = await connection.createChannel();
      await channel.purgeQueue('mcp.responses');
    });
    await finds('I7', victim().id);
  });

  it('find connections that nobody needs', async () => {
    expect(await checkConnections(rig)).toEqual([]);
    const leaked = Array.from({ length: 20 }, () => new Redis(rig.env.REDIS_URL));
    try {
      await Promise.all(leaked.map((redis) => redis.ping()));
      const findings = await checkConnections(rig, { timeoutMs: 100 });
      expect(findings.map(({ invariant }) => invariant)).toEqual(['connections']);
    } finally {
      for (const redis of leaked) redis.disconnect();
    }
  });

  it('find a queue that nobody consumes: I9, and an app that ended by itself', async () => {
    const [agent] = AGENTS.filter(({ name }) => name === 'websearch');
    const process = rig.process(`${agent?.name}-1`);
    await process.stop('SIGKILL');
    await eventually(async () => (await comeToRest(rig, 100)).busy?.includes('nobody consumes'));
    await finds('I9', null);
    process.start();
    globalThis.process.kill(process.pid ?? 0, 'SIGKILL');
    await eventually(() => process.unaskedEnds.length === 1);
  });

  /** The last event of a type once more, after all others. */
  function repeatEvent(taskId: string, type: string) {
    return query(
      `INSERT INTO task_stage_logs (task_id, seq, type, stage, attempt, data, at)
       SELECT task_id, (SELECT max(seq) + 1 FROM task_stage_logs WHERE task_id = $1),
              type, stage, attempt, data, at
         FROM task_stage_logs WHERE task_id = $1 AND type = $2 ORDER BY seq DESC LIMIT 1`,
      [taskId, type],
    );
  }
});
