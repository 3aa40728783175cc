import { newId } from '@askflash/config';
import type { TestBackbone } from '@askflash/testing';
import { createTestBackbone } from '@askflash/testing';
import fc from 'fast-check';
import { hostileRequests } from './hostile/api-requests';
import { AttackedCoordinator } from './hostile/attacked-coordinator';
import { sendRaw } from './hostile/raw-http';
import { StandInAgents } from './stand-in-agents';

const REQUEST_COUNT = 10_000;
/** How many requests are under way at a time. */
const CLIENT_COUNT = 4;
/** Of a process that has warmed up; what it had to keep would be far more. */
const MAX_GROWTH_BYTES = 200 * 1024 * 1024;
/** A stack trace, or a path of the machine. */
const INSIDES = /\n\s+at |node_modules|\.js:\d/;

describe('a coordinator that is asked nonsense', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: AttackedCoordinator;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await AttackedCoordinator.start(backbone.env);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await backbone?.remove();
  });

  /** Has requests sent, each of which has to be refused, or answered as a valid one is. */
  async function attack(count: number, ids: readonly string[]): Promise<Map<number, number>> {
    const statuses = new Map<number, number>();
    const property = fc.asyncProperty(hostileRequests(ids), async (request) => {
      const answer = await sendRaw(coordinator.port, request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(500);
      if (answer.status >= 400 && answer.status !== 417 && answer.body !== '') {
        expect(answer.contentType).toContain('application/problem+json');
      }
      expect(answer.body).not.toMatch(INSIDES);
    });
    const numRuns = count / CLIENT_COUNT;
    await Promise.all(Array.from({ length: CLIENT_COUNT }, () => fc.assert(property, { numRuns })));
    return statuses;
  }

  it('refuses each request, tells nothing of its insides, keeps nothing, and works on', async () => {
    const ids = [newId(), await coordinator.finishTask()];
    await attack(1_000, ids);
    const before = await coordinator.memoryBytes();
    const statuses = await attack(REQUEST_COUNT - 1_000, ids);
    const refused = [...statuses].filter(([status]) => status >= 400);
    expect(refused.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(REQUEST_COUNT / 2);
    expect((await coordinator.memoryBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES);
    await coordinator.finishTask();
  });
});
