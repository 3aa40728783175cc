import { AppProcess, createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { AgentHealth, createDataSource } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import {
  CANARY_INTERVAL_MS,
  MANAGEMENT_LAG_MS,
  QUICK,
  openOnes,
  untilClosed,
  untilOpen,
} from './findings';
import { startMonitor, type TestMonitor } from './monitor';
import { StandInInstance } from './stand-in-instance';

/** Within two rounds of canaries, and the time a busy machine takes to run a test. */
const FOUND_MS = 2 * CANARY_INTERVAL_MS + 6_000;

describe('health-monitor and agents', () => {
  let backbone: TestBackbone;
  let monitor: TestMonitor;
  let dataSource: DataSource;
  const processes: AppProcess[] = [];
  const standIns: StandInInstance[] = [];

  beforeAll(async () => {
    backbone = await createTestBackbone();
    dataSource = createDataSource({ url: backbone.env.DATABASE_URL, applicationName: 'test' });
    await dataSource.initialize();
    monitor = await startMonitor({ ...backbone.env, ...QUICK });
    await eventually(async () => (await monitor.ready()).status === 200);
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((app) => app.stop('SIGKILL')));
    await Promise.all(standIns.splice(0).map((standIn) => standIn.stop()));
    await dataSource.query('DELETE FROM agent_health');
  });

  afterAll(async () => {
    await monitor?.close();
    await dataSource?.destroy();
    await backbone?.remove();
  });

  /** Starts an executor, and waits for its row; a late heartbeat of one before may bring back another. */
  async function startExecutor() {
    const before = new Set((await rows()).map(({ instanceId }) => instanceId));
    const startedAt = new Date();
    const app = AppProcess.start('agents/executor', {
      ...backbone.env,
      AGENT_HEARTBEAT_INTERVAL_MS: '1500',
    });
    processes.push(app);
    const row = await eventually(async () =>
      (await rows()).find(
        (row) => row.canaryAt && row.startedAt >= startedAt && !before.has(row.instanceId),
      ),
    );
    return { app, instanceId: row.instanceId, subject: `executor/${row.instanceId}` };
  }

  const standIn = async (about: Parameters<typeof StandInInstance.start>[1] = {}) => {
    const started = await StandInInstance.start(backbone.env.RABBITMQ_URL, about);
    standIns.push(started);
    return started;
  };
  const rows = () => dataSource.manager.find(AgentHealth);
  const rowOf = (instanceId: string) =>
    dataSource.manager.findOneByOrFail(AgentHealth, { instanceId });
  const untilKnown = ({ instanceId }: StandInInstance) =>
    eventually(() => dataSource.manager.existsBy(AgentHealth, { instanceId }));
  const isUnhealthy = async (instanceId: string) =>
    (await rowOf(instanceId)).status === 'unhealthy';

  it('keeps a row an instance, with what it says and that it answers canaries', async () => {
    const [first, second] = [await startExecutor(), await startExecutor()];
    await eventually(
      async () => !(await isUnhealthy(first.instanceId)) && !(await isUnhealthy(second.instanceId)),
    );
    const row = await rowOf(first.instanceId);
    expect(row).toMatchObject({
      agent: 'executor',
      reportedStatus: 'healthy',
      statusReason: null,
      queueSize: 0,
      processed: 0,
    });
    expect(row.memoryBytes).toBeGreaterThan(1_000_000);
    expect((await rowOf(second.instanceId)).canaryAt).toEqual(expect.any(Date));
    // An instance says first that it starts.
    const metrics = await eventually(async () => {
      const text = await (await monitor.get('/metrics')).text();
      return /mcp_agent_instances\{agent="executor",status="healthy",.*\} 2/.test(text) && text;
    });
    expect(metrics).toMatch(/mcp_canary_round_trip_seconds\{queue="executor.task",.*\} 0\.\d+/);
  });

  it('finds one that is stopped by SIGSTOP, and that it goes on', async () => {
    const { app, instanceId, subject } = await startExecutor();
    app.signal('SIGSTOP');
    await untilOpen(monitor, 'agent_unhealthy', subject, FOUND_MS);
    expect(await rowOf(instanceId)).toMatchObject({
      status: 'unhealthy',
      statusReason: expect.stringMatching(/No heartbeat for|a canary is unanswered for/),
    });
    app.signal('SIGCONT');
    await untilClosed(monitor, 'agent_unhealthy', subject);
    await eventually(async () => (await rowOf(instanceId)).status === 'healthy');
  });

  it('finds one that was killed; the next is another instance, and it is gone after a while', async () => {
    const { app, instanceId, subject } = await startExecutor();
    await app.stop('SIGKILL');
    await untilOpen(monitor, 'agent_unhealthy', subject, FOUND_MS);
    const next = await startExecutor();
    expect(next.instanceId).not.toBe(instanceId);
    await eventually(async () => (await rowOf(instanceId)).status === 'unknown');
    await untilClosed(monitor, 'agent_unhealthy', subject);
    expect(await rowOf(next.instanceId)).toMatchObject({ status: 'healthy' });
  });

  it('does not miss one that was told to stop', async () => {
    const { app, instanceId, subject } = await startExecutor();
    await app.stop('SIGTERM');
    await eventually(async () => (await rowOf(instanceId)).status === 'unknown');
    expect(await openOnes(monitor)).not.toContain(`agent_unhealthy ${subject}`);
  });

  it('finds one whose heart beats while its consumer is frozen', async () => {
    const frozen = await standIn();
    await untilKnown(frozen);
    await frozen.freeze();
    await untilOpen(monitor, 'agent_unhealthy', frozen.subject, FOUND_MS);
    expect(await rowOf(frozen.instanceId)).toMatchObject({
      reportedStatus: 'healthy',
      statusReason: expect.stringContaining('Its consumer is frozen: a canary is unanswered for'),
    });
    await frozen.cancel();
  });

  it('tells the frozen one from those beside it', async () => {
    const healthy = [await startExecutor(), await startExecutor()];
    const frozen = await standIn();
    await untilKnown(frozen);
    await frozen.freeze();
    await untilOpen(monitor, 'agent_unhealthy', frozen.subject, FOUND_MS + CANARY_INTERVAL_MS);
    for (const { instanceId } of healthy) expect(await isUnhealthy(instanceId)).toBe(false);
    await frozen.cancel();
  });

  it('finds one whose heart beats while it has no consumer', async () => {
    const cancelled = await standIn();
    await untilOpen(monitor, 'agent_unhealthy', cancelled.subject, 15_000 + MANAGEMENT_LAG_MS);
    expect(await rowOf(cancelled.instanceId)).toMatchObject({
      statusReason: 'It beats, and RabbitMQ knows no consumer of it on executor.task',
    });
  });

  it('does not mind an agent whose clock is years ahead', async () => {
    const ahead = await standIn({ startedAt: '2036-01-01T00:00:00.000Z', inFlight: 1 });
    await untilKnown(ahead);
    await eventually(async () => {
      const { createdAt, lastSeenAt } = await rowOf(ahead.instanceId);
      return lastSeenAt.getTime() - createdAt.getTime() > 3_000;
    });
    expect(await rowOf(ahead.instanceId)).toMatchObject({ status: 'healthy' });
  });

  it('believes one that says it is unhealthy', async () => {
    const sick = await standIn({ status: 'unhealthy', inFlight: 1 });
    await untilOpen(monitor, 'agent_unhealthy', sick.subject);
    expect(await rowOf(sick.instanceId)).toMatchObject({ statusReason: 'It says so itself' });
  });
});
