import { newId } from '@askflash/config';
import { AGENTS, STAGE_REQUESTED, TASK_FINISHED } from '@askflash/contracts';
import {
  RESPONSES_QUEUE,
  RabbitmqManagement,
  TOPOLOGY,
  toDefinitions,
  type PublishItem,
} from '@askflash/messaging';
import { createTestVhost, type TestVhost } from '@askflash/testing';

/** One of the six queues that carry the work, and the messages that go there. */
export interface MeasuredQueue {
  readonly name: string;
  /** A message with an id of its own, `taskId` in its payload. */
  message(): PublishItem & { readonly payload: { readonly taskId: string } };
}

/** The task queues of the five agents, and that of final responses. */
export const QUEUES: readonly MeasuredQueue[] = [
  ...AGENTS.map(({ queue, stages: [stage = queue] }) => ({
    name: queue,
    message: () => ({ contract: STAGE_REQUESTED, payload: requestOf(stage) }),
  })),
  { name: RESPONSES_QUEUE, message: () => ({ contract: TASK_FINISHED, payload: response() }) },
];

/** A virtual host with the backbone's topology: quorum queues with their policies. */
export async function createBroker(managementUrl: string): Promise<TestVhost> {
  const vhost = await createTestVhost();
  const management = new RabbitmqManagement(managementUrl);
  await management.importDefinitions(vhost.name, toDefinitions(TOPOLOGY, vhost.name));
  return vhost;
}

function requestOf(stage: string) {
  return {
    taskId: newId(),
    stage,
    attempt: 1,
    userId: 'bench',
    query: 'How do I stop the stack?',
    input: { language: 'en' },
    upstream: { intent_analysis: { category: 'procedural', complexity: 'simple' } },
    timeoutMs: 30_000,
    deadlineAt: '2026-01-01T00:00:30.000Z',
  };
}

function response() {
  return {
    taskId: newId(),
    userId: 'bench',
    template: { name: 'standard_query', version: 1 },
    status: 'complete' as const,
    result: { answer: '`npm stop` ends the stack and keeps its data.', sources: [] },
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
  };
}
