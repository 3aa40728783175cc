import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { AttackedCoordinator } from './hostile/attacked-coordinator';
import { HeldConnections } from './hostile/held-connections';
import { sendRaw } from './hostile/raw-http';
import { StandInAgents } from './stand-in-agents';

const IDLE_COUNT = 10_000;
const SLOW_COUNT = 200;
/** Some kilobytes for each connection would be half of it. */
const MAX_GROWTH_BYTES = 400 * 1024 * 1024;
const PATIENCE = { timeoutMs: 90_000, intervalMs: 250 };

describe('a coordinator whose connections are held', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: AttackedCoordinator;
  let idle: HeldConnections;
  let slowHeads: HeldConnections;
  let slowBodies: HeldConnections;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await AttackedCoordinator.start(backbone.env);
    idle = new HeldConnections(coordinator.port);
    slowHeads = new HeldConnections(coordinator.port);
    slowBodies = new HeldConnections(coordinator.port);
  });

  afterAll(async () => {
    for (const held of [idle, slowHeads, slowBodies]) held?.close();
    await coordinator?.stop();
    await agents?.stop();
    await backbone?.remove();
  });

  it('answers others meanwhile, and lets go of those that send nothing or slowly', async () => {
    await coordinator.finishTask();
    const before = await coordinator.memoryBytes();

    await slowHeads.add(SLOW_COUNT, 'GET /tasks HTTP/1.1\r\nhost: localhost\r\n');
    slowHeads.keepSending('x-slow: 1\r\n', 500);
    await slowBodies.add(SLOW_COUNT, `${POST_HEAD}content-length: 100000\r\n\r\n{"query":"`);
    slowBodies.keepSending('a', 500);
    await idle.add(IDLE_COUNT);
    await coordinator.finishTask();
    expect((await coordinator.memoryBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES);

    for (const held of [idle, slowHeads, slowBodies]) {
      await eventually(() => held.openCount === 0, { ...PATIENCE, what: 'them to be closed' });
    }
    expect([slowHeads.statuses, slowBodies.statuses]).toEqual([['408'], ['408']]);
    await coordinator.finishTask();
  });

  it.each<[string, [string, string][]]>([
    ['one header of 1 MiB', [['x-large', 'x'.repeat(1024 * 1024)]]],
    ['ten thousand headers', Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, '1'])],
  ])('refuses %s', async (_what, large) => {
    const headers: [string, string][] = [['host', 'localhost'], ...large];
    const request = { method: 'GET', target: '/tasks', headers, body: Buffer.alloc(0) };
    expect((await sendRaw(coordinator.port, request)).status).toBe(431);
    await coordinator.finishTask();
  });
});

const POST_HEAD = 'POST /tasks HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
