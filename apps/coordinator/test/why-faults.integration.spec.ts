import {
  createTestBackbone,
  createTestDatabase,
  createTestKeyPrefix,
  eventually,
  installBackbone,
  startPrivateServers,
  testServers,
  type PrivateServers,
  type TestBackbone,
} from '@askflash/testing';
import { connect } from 'amqplib';
import { untilWhy } from './ask-why';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents } from './stand-in-agents';

/** Hands a task in; after a fault the door may be shut for a while. */
const ask = (coordinator: RunningCoordinator, template = 'quick_answer') =>
  eventually(async () => (await coordinator.post({ query: 'Why?', userId: 'ada', template })).id, {
    what: 'a task to be taken',
  });

describe('why a task waits where the broker does not do its part', () => {
  let servers: PrivateServers<'rabbitmq'>;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let coordinator: RunningCoordinator;
  const keys = createTestKeyPrefix();

  beforeAll(async () => {
    [servers, database] = await Promise.all([
      startPrivateServers({ only: ['rabbitmq'] }),
      createTestDatabase(),
    ]);
    const env = {
      ...testServers(),
      ...servers.env,
      DATABASE_URL: database.url,
      REDIS_KEY_PREFIX: keys.prefix,
    };
    await installBackbone(env);
    coordinator = await RunningCoordinator.start({ env });
  });

  afterAll(async () => {
    await coordinator?.stop();
    await Promise.all([servers?.stop(), database?.drop(), keys.clear()]);
  });

  it('tells that it takes no messages, and that nobody consumes the queue either', async () => {
    await servers.rabbitmq.ctl(['set_vm_memory_high_watermark', '0.0001']);
    await untilWhy(coordinator, await ask(coordinator), [
      { type: 'unsent', stage: 'embedding_lookup', attempt: 1, refusedAgoMs: null },
      { type: 'broker_blocked' },
      { type: 'no_consumer', queue: 'embedding.task', ready: 0 },
    ]);
    await servers.rabbitmq.ctl(['set_vm_memory_high_watermark', '0.6']);
  });

  it('tells that a queue is full and refuses the request', async () => {
    const full = '{"max-length":1,"overflow":"reject-publish"}';
    const policy = ['--priority', '99', '--apply-to', 'queues', 'full', '^embedding\\.task$', full];
    await servers.rabbitmq.ctl(['set_policy', ...policy]);
    await untilWhy(coordinator, await ask(coordinator), [
      { type: 'queued' },
      { type: 'no_consumer' },
    ]);
    const ids = await Promise.all(Array.from({ length: 3 }, () => ask(coordinator)));
    await untilWhy(coordinator, ids[2] ?? '', [
      { type: 'unsent', refusedAgoMs: expect.any(Number) },
      { type: 'no_consumer' },
    ]);
    await servers.rabbitmq.ctl(['clear_policy', 'full']);
  });

  it('tells that the queue is missing, and so the request unsent', async () => {
    const connection = await connect(servers.env.RABBITMQ_URL);
    const channel = await connection.createChannel();
    await channel.deleteQueue('intent.task');
    await connection.close();
    await untilWhy(coordinator, await ask(coordinator, 'standard_query'), [
      { type: 'unsent', stage: 'intent_analysis' },
      { type: 'queue_missing', queue: 'intent.task' },
    ]);
  });

  it('answers while it is away, and says so', async () => {
    await servers.rabbitmq.stop();
    await untilWhy(coordinator, await ask(coordinator), [
      { type: 'unsent', stage: 'embedding_lookup' },
      { type: 'broker_unreachable', reason: expect.stringContaining('no connection') },
    ]);
    await servers.rabbitmq.start();
  });
});

describe('why a task waits where no coordinator looks at it', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await RunningCoordinator.start(backbone, {
      COORDINATOR_POLL_INTERVAL_MS: '60000',
    });
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await backbone?.remove();
  });

  it('tells that an attempt’s time is over, and the task’s deadline', async () => {
    agents.behaviour = () => 'silence';
    const task = { query: 'Why?', userId: 'ada', deadlineMs: 500 };
    const { id } = await coordinator.post(task);
    const { summary } = await untilWhy(coordinator, id, [
      { type: 'timing_out', stage: null },
      { type: 'timing_out', stage: 'embedding_lookup', attempt: 1 },
      { type: 'running', evidence: 'not_in_queue' },
    ]);
    expect(summary).toMatch(/The deadline of the task passed .* ago/);
  });

  it('tells that the next attempt is due', async () => {
    agents.behaviour = () => ({ error: { code: 'BROKEN', retryable: true } });
    const id = await ask(coordinator);
    await eventually(async () => {
      const { summary } = await untilWhy(coordinator, id, [{ type: 'backing_off', attempt: 1 }]);
      return summary.includes('The next attempt is due since');
    });
  });
});
