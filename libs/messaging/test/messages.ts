import { STAGE_REQUESTED, type StageRequested } from '@askflash/contracts';
import type { MessagingLogger } from '../src';

/** The contract most tests send, and a payload of it. */
export const REQUEST = STAGE_REQUESTED;

export const QUIET: MessagingLogger = { log: () => {}, warn: () => {} };

export function stageRequest(changes: Partial<StageRequested> = {}): StageRequested {
  return {
    taskId: '019a0000-0000-7000-8000-000000000001',
    stage: 'intent_analysis',
    attempt: 1,
    userId: 'ada',
    query: 'How do I stop the stack?',
    input: {},
    upstream: {},
    timeoutMs: 1000,
    deadlineAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}
