import { CRASH_POINTS, type CrashPoint } from '@askflash/config';
import { AppProcess, createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { FAULT_ROUNDS } from './fault-rounds';
import { TestCluster } from './test-cluster';

/** Past the first pass, so that some work is done and some is under way; later in each round. */
const PASSES = FAULT_ROUNDS.map((round) => round + 2);

const COORDINATOR_POINTS = CRASH_POINTS.filter((point) => point.startsWith('coordinator.'));
const AGENT_POINTS = CRASH_POINTS.filter((point) => point.startsWith('agent.'));

/** Nothing was lost that a further attempt had to make good for. */
const FINE = { status: 'complete', attempts: 1 };

/**
 * Real processes, killed at each point in turn: the one that replaces the killed one is armed with
 * the next point, so that it has to clean up and to crash once more.
 */
describe('a backbone whose processes are killed', () => {
  let backbone: TestBackbone;
  let cluster: TestCluster;

  beforeEach(async () => {
    backbone = await createTestBackbone();
    cluster = new TestCluster(backbone.env);
  });

  afterEach(async () => {
    await cluster?.stop();
    await backbone?.remove();
  });

  /** Runs an app at one point after the other, asking until each has killed it. */
  async function killAtEach(
    points: readonly CrashPoint[],
    atPass: number,
    start: (env: Record<string, string>) => Promise<AppProcess>,
  ): Promise<void> {
    for (const point of points) {
      // The lease of what others left unsent is over once.
      const pass = point === 'coordinator.after-lease' ? 1 : atPass;
      const victim = await start({ MCP_CRASH_POINT: `${point}:${pass}` });
      await eventually(
        async () => {
          if (victim.isRunning) await cluster.ask(point, 4);
          return !victim.isRunning;
        },
        { timeoutMs: 60_000, intervalMs: 50, what: `${victim.name} to die at ${point}` },
      );
      expect([point, await victim.ended]).toEqual([point, { code: null, signal: 'SIGKILL' }]);
    }
    await start({});
  }

  it.each(PASSES)(
    'keeps its promises when the coordinator crashes anywhere, at pass %i',
    async (pass) => {
      cluster.startAgents();
      await killAtEach(COORDINATOR_POINTS, pass, (env) => cluster.startCoordinator(env));
      await cluster.comeToRest();
      expect(await cluster.violations()).toEqual([]);
      expect(await cluster.outcomes()).toEqual([FINE]);
    },
  );

  it.each(PASSES)('keeps its promises when an agent crashes anywhere, at pass %i', async (pass) => {
    await cluster.startCoordinator();
    cluster.startAgent('embedding');
    await killAtEach(AGENT_POINTS, pass, async (env) => cluster.startAgent('executor', env));
    await cluster.comeToRest();
    expect(await cluster.violations()).toEqual([]);
    expect(await cluster.outcomes()).toEqual([FINE]);
  });
});
