import { ID } from '@askflash/contracts';
import {
  createTestDatabase,
  createTestKeyPrefix,
  eventually,
  installBackbone,
  startPrivateServers,
  testServers,
  type PrivateServers,
} from '@askflash/testing';
import { z } from 'zod';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents } from './stand-in-agents';

const accepted = z.object({ id: ID });

describe('back-pressure', () => {
  let servers: PrivateServers<'rabbitmq'>;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let agents: StandInAgents | undefined;
  let coordinator: RunningCoordinator | undefined;
  const keys = createTestKeyPrefix();
  const backbone = () => ({
    env: {
      ...testServers(),
      ...servers.env,
      DATABASE_URL: database.url,
      REDIS_KEY_PREFIX: keys.prefix,
    },
  });

  beforeAll(async () => {
    [servers, database] = await Promise.all([
      startPrivateServers({ only: ['rabbitmq'] }),
      createTestDatabase(),
    ]);
    await installBackbone(backbone().env);
  });

  afterAll(async () => {
    await Promise.all([servers?.stop(), database?.drop(), keys.clear()]);
  });

  afterEach(async () => {
    await coordinator?.stop();
    await agents?.stop();
    coordinator = agents = undefined;
  });

  /** Hands tasks in until one is turned away; returns those accepted, and the refusal. */
  async function fillUp(to: RunningCoordinator, most = 2_000) {
    const ids: string[] = [];
    for (let sent = 0; sent < most; sent += 1) {
      const response = await to.send({ query: `Question ${sent}`, userId: 'ada' });
      const body: unknown = await response.json();
      if (response.status === 503) {
        return { ids, retryAfter: Number(response.headers.get('retry-after')), body };
      }
      expect(response.status).toBe(202);
      ids.push(accepted.parse(body).id);
    }
    throw new Error(`${most} tasks were accepted`);
  }

  async function expectAllEnd(to: RunningCoordinator, ids: readonly string[]) {
    const ended = await Promise.all(ids.map((id) => to.finished(id, 90_000)));
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['complete']));
  }

  const takesTasksAgain = (to: RunningCoordinator) =>
    eventually(async () => (await to.send({ query: 'Now?', userId: 'ada' })).status === 202, {
      timeoutMs: 30_000,
      intervalMs: 200,
      what: 'tasks to be taken again',
    });

  it('turns tasks away while the broker is out of memory, and loses none that it took', async () => {
    coordinator = await RunningCoordinator.start(backbone());
    agents = await StandInAgents.start(servers.env.RABBITMQ_URL);
    await servers.rabbitmq.ctl(['set_vm_memory_high_watermark', '0.0001']);
    const { ids, retryAfter, body } = await fillUp(coordinator);
    expect(retryAfter).toBeGreaterThan(0);
    expect(body).toMatchObject({ code: 'COORDINATOR_BUSY', detail: 'RabbitMQ takes no messages' });
    expect(ids.length).toBeGreaterThan(0);
    const metrics = await (await fetch(`${coordinator.url}/metrics`)).text();
    expect(metrics).toMatch(
      /coordinator_tasks_refused_total\{[^}]*reason="broker_blocked"[^}]*\} 1/,
    );
    await servers.rabbitmq.ctl(['set_vm_memory_high_watermark', '0.6']);
    await expectAllEnd(coordinator, ids);
    await takesTasksAgain(coordinator);
  });

  it('turns tasks away while a queue is full, and loses none that it took', async () => {
    coordinator = await RunningCoordinator.start(backbone());
    const tiny = '{"max-length":5,"overflow":"reject-publish"}';
    const policy = ['--priority', '99', '--apply-to', 'queues', 'tiny', '^embedding\\.task$', tiny];
    await servers.rabbitmq.ctl(['set_policy', ...policy]);
    const { ids, retryAfter, body } = await fillUp(coordinator);
    expect(retryAfter).toBeGreaterThan(0);
    expect(body).toMatchObject({ detail: 'A queue is full and refuses messages' });
    expect(ids.length).toBeGreaterThanOrEqual(5);
    await servers.rabbitmq.ctl(['clear_policy', 'tiny']);
    agents = await StandInAgents.start(servers.env.RABBITMQ_URL);
    await expectAllEnd(coordinator, ids);
    await takesTasksAgain(coordinator);
  });

  it('turns tasks away while too many run, and takes one for each that ends', async () => {
    coordinator = await RunningCoordinator.start(backbone(), {
      COORDINATOR_OPEN_TASKS_MAX_COUNT: '5',
    });
    agents = await StandInAgents.start(servers.env.RABBITMQ_URL);
    agents.behaviour = () => 'silence';
    const { ids, retryAfter, body } = await fillUp(coordinator);
    expect(retryAfter).toBeGreaterThan(0);
    expect(body).toMatchObject({ detail: '5 tasks run already' });
    const retry = await coordinator.request('POST', `/tasks/${ids[0]}/retry`);
    expect(retry.status).toBe(503);
    for (const id of ids) {
      const aborted = await coordinator.request('POST', `/tasks/${id}/abort`);
      expect(aborted.status).toBe(200);
    }
    await takesTasksAgain(coordinator);
  });
});
