import { AGENTS } from '@askflash/contracts';
import { createTestBackbone, eventually, freePort, type TestBackbone } from '@askflash/testing';
import { BenchSetUpError } from '../errors';
import STAGES from '../program/stages.json';
import type { RunningSystem, System, SystemStage } from '../system';

/** The template of five stages that `startBackbone` stores. */
export const TEMPLATE = 'bench_five_stages';

/** Stages at once an agent: they do nothing but wait for the broker. */
const AGENT_CONCURRENCY = '200';

/**
 * The backbone as it is deployed: the coordinator and five agents, each a process of its own, with
 * agents that do nothing.
 */
export const backbone: System = {
  name: 'backbone',
  title: 'AskFlash backbone: 1 coordinator, 5 agent processes with a prefetch of 200',
  durability:
    'PostgreSQL commit (fsync) and quorum confirm at every transition; view in Redis, AOF everysec',
  servers: ['postgres', 'redis', 'rabbitmq'],
  start: async (stage) => {
    const { env, remove } = await createTestBackbone();
    return { ...(await startBackbone(stage, env)), close: remove };
  },
};

type BackboneEnvironment = TestBackbone['env'];
type Starter = Pick<SystemStage, 'start'>;

/** The processes of the backbone, on databases and queues that are there. */
export async function startBackbone(
  stage: Starter,
  env: BackboneEnvironment,
): Promise<RunningSystem> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const coordinator = startCoordinator(stage, env, url);
  const agents = AGENTS.map(({ name }) => startAgent(stage, env, name));
  await eventually(async () => (await fetch(`${url}/health/ready`)).ok, {
    timeoutMs: 60_000,
    what: 'the coordinator to be ready',
  });
  await putTemplate(url);
  const client = stage.start({
    role: 'client',
    args: ['tools/bench/src/systems/backbone/client.mjs'],
    env: { ...env, COORDINATOR_URL: url, TEMPLATE },
  });
  await Promise.all([client, ...agents].map(({ ready }) => ready));
  return { client, workers: agents, others: [coordinator] };
}

function startCoordinator(stage: Starter, env: BackboneEnvironment, url: string) {
  return stage.start({
    role: 'coordinator',
    args: ['--enable-source-maps', 'dist/apps/coordinator/main.js'],
    env: {
      ...env,
      LOG_LEVEL: 'warn',
      ASKFLASH_STACK_FILE: '',
      COORDINATOR_PORT: new URL(url).port,
    },
  });
}

function startAgent(stage: Starter, env: BackboneEnvironment, name: string) {
  return stage.start({
    role: `${name}-agent`,
    args: ['--enable-source-maps', 'dist/tools/bench/systems/backbone/agent.js', name],
    env: {
      ...env,
      LOG_LEVEL: 'warn',
      ASKFLASH_STACK_FILE: '',
      AGENT_CONCURRENCY_COUNT: AGENT_CONCURRENCY,
    },
  });
}

/** Stores the linear template, as a client does. */
async function putTemplate(url: string): Promise<void> {
  const stages = STAGES.map((name, index) => ({
    name,
    dependsOn: STAGES.slice(index > 0 ? index - 1 : 0, index),
    // A frozen worker is no lost one: a backlog may wait as long as it takes.
    timeoutMs: 3_600_000,
  }));
  const response = await fetch(`${url}/templates/${TEMPLATE}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ description: 'Five stages in a row', stages }),
  });
  if (!response.ok) throw new BenchSetUpError(`${response.status} ${await response.text()}`);
}
