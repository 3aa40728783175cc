import { newId } from '@askflash/config';
import {
  STAGE_COMPLETED,
  STAGE_FAILED,
  STAGE_REQUESTED,
  type Contract,
  type JsonObject,
} from '@askflash/contracts';
import { createTestBackbone, eventually, freePort, type TestBackbone } from '@askflash/testing';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttackedApp } from './hostile/attacked-app';
import { AttackedCoordinator } from './hostile/attacked-coordinator';
import { hostileMessages, isWellFormed, type RawMessage } from './hostile/bus-messages';
import { HostileSender } from './hostile/hostile-sender';
import { StandInAgents, plausible } from './stand-in-agents';

/** Batches of 250 messages, as they average. */
const BATCH_COUNT = 20;
const BATCH = { minLength: 1, maxLength: 500, size: 'max' } as const;
const MAX_GROWTH_BYTES = 200 * 1024 * 1024;
/** Of what keeps to its contract and cannot be handled all the same. */
const OTHER_REASONS = /^MESSAGE_TOO_LARGE: |^TASK_NOT_FOUND: /;

describe('messages that nobody should have sent', () => {
  let backbone: TestBackbone;
  let sender: HostileSender;
  let coordinator: AttackedCoordinator;

  beforeEach(async () => {
    backbone = await createTestBackbone();
    sender = await HostileSender.connect(backbone.env.RABBITMQ_URL);
    coordinator = await AttackedCoordinator.start(backbone.env);
  });

  afterEach(async () => {
    await coordinator?.stop();
    await sender?.close();
    await backbone?.remove();
  });

  /** What goes where, who takes it from there, and what it should have been. */
  interface Target {
    readonly app: AttackedApp;
    readonly exchange: string;
    readonly routingKey: string;
    readonly queue: string;
    readonly contracts: readonly Contract[];
    readonly messages: fc.Arbitrary<RawMessage>;
  }

  /** Each has to be dead-lettered at once with its reason, or to keep to its contract. */
  async function attack(target: Target): Promise<void> {
    const { app, queue, contracts } = target;
    const progress = async () => {
      const metric = await app.metrics();
      const consumed = (decision: string) =>
        metric('messaging_consumed_total', `queue="${queue}"`, `decision="${decision}"`);
      return {
        settled: consumed('acknowledged') + consumed('dead_lettered'),
        retried: consumed('retried'),
        inFlight: metric('messaging_in_flight', `queue="${queue}"`),
      };
    };

    const property = fc.asyncProperty(fc.array(target.messages, BATCH), async (batch) => {
      const before = await progress();
      const ids = await sender.send(target.exchange, target.routingKey, batch);
      await eventually(
        async () => {
          const { settled, inFlight } = await progress();
          return settled - before.settled === batch.length && inFlight === 0;
        },
        { timeoutMs: 60_000, what: `${batch.length} messages to be settled` },
      );
      const letters = await sender.takeDeadLetters();
      const reasons = new Map(letters.map(({ id, reason }) => [id, reason]));
      batch.forEach((message, index) => {
        const reason = reasons.get(ids[index] ?? '');
        if (!isWellFormed(message, contracts)) expect(reason).toMatch(/^[A-Z_]+: /);
        else if (reason !== undefined) expect(reason).toMatch(OTHER_REASONS);
      });
    });
    await fc.assert(property, { numRuns: BATCH_COUNT });
    expect((await progress()).retried).toBe(0);
  }

  it('as results: tasks that run are unharmed, and so is the coordinator', async () => {
    const agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    agents.behaviour = () => 'silence';
    const ids = await Promise.all(Array.from({ length: 100 }, () => coordinator.handIn()));
    const before = await coordinator.memoryBytes();
    const reports = [...ids, newId()].flatMap((taskId) => [
      hostileMessages(STAGE_COMPLETED, { ...reportOf(taskId), output: { passages: [] } }),
      hostileMessages(STAGE_FAILED, { ...reportOf(taskId), error: FAILURE }),
    ]);
    await attack({
      app: coordinator,
      exchange: 'mcp.events',
      routingKey: 'stage.completed.embedding_lookup',
      queue: 'mcp.results',
      contracts: [STAGE_COMPLETED, STAGE_FAILED],
      messages: fc.oneof(...reports),
    });
    expect((await coordinator.memoryBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES);
    for (const path of ['/analytics/agents', '/analytics/tasks', '/tasks?limit=100']) {
      expect([path, (await coordinator.get(path)).status]).toEqual([path, 200]);
    }
    agents.behaviour = plausible;
    await coordinator.finishTask();
    await agents.stop();
    expect(coordinator.output).toBe('');
  });

  it('as requests: the agent that gets them works on', async () => {
    const knowledge = mkdtempSync(join(tmpdir(), 'askflash-knowledge-'));
    const env = { ...backbone.env, KNOWLEDGE_DIR: knowledge };
    const agent = new AttackedApp('agents/embedding', await freePort(), env);
    try {
      await agent.whenReady();
      await coordinator.finishTask('simple_lookup');
      const before = await agent.memoryBytes();
      await attack({
        app: agent,
        exchange: 'mcp.tasks',
        routingKey: 'embedding.task',
        queue: 'embedding.task',
        contracts: [STAGE_REQUESTED],
        messages: hostileMessages(STAGE_REQUESTED, requestOf(newId())),
      });
      expect((await agent.memoryBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES);
      await coordinator.finishTask('simple_lookup');
      expect(agent.output).toBe('');
    } finally {
      await agent.stop();
      rmSync(knowledge, { recursive: true, force: true });
    }
  });
});

const FAILURE = { code: 'TIRED', message: 'No more', retryable: true, retryAfterMs: 0 };

function reportOf(taskId: string): JsonObject {
  return {
    taskId,
    stage: 'embedding_lookup',
    attempt: 1,
    agent: 'embedding',
    instanceId: newId(),
    startedAt: '2026-01-31T09:30:00.000Z',
    durationMs: 5,
  };
}

function requestOf(taskId: string): JsonObject {
  return {
    taskId,
    stage: 'embedding_lookup',
    attempt: 1,
    userId: 'ada',
    query: 'How do I add an agent?',
    input: { language: 'en' },
    upstream: { intent_analysis: { category: 'informational' } },
    timeoutMs: 5_000,
    deadlineAt: '2126-01-31T09:30:00.000Z',
  };
}
