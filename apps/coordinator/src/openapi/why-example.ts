import type { Explanation } from '../why/dto';
import { summarize, toText } from '../why/summarize';

const EXPLAINED: Omit<Explanation, 'summary'> = {
  taskId: '019a0b6e-7c1d-7a3e-9f52-3d1f6a0c4b21',
  template: { name: 'quick_answer', version: 1 },
  status: 'in_progress',
  at: '2026-01-31T09:30:04.250Z',
  ageMs: 4_250,
  stages: { done: 1, count: 3 },
  waitingFor: [
    {
      type: 'dependency',
      stage: 'response_packaging',
      dependsOn: 'executor_reasoning',
      when: null,
      because: [
        {
          type: 'queued',
          stage: 'executor_reasoning',
          attempt: 1,
          sinceMs: 3_000,
          leftMs: 57_000,
          queue: 'executor.task',
          ready: 12,
          handedOut: 10,
          consumers: 1,
          drainPerSecond: 2.4,
          estimatedWaitMs: 5_000,
          instances: [
            {
              instanceId: '019a0b60-11aa-7c3d-8e4f-0a1b2c3d4e5f',
              agent: 'executor',
              status: 'healthy',
              reason: null,
              inFlight: 10,
              seenAgoMs: 1_200,
            },
          ],
        },
      ],
    },
  ],
  skipped: [],
  deadline: { at: '2026-01-31T09:31:00.000Z', leftMs: 55_750 },
};
/** Why a task waits: for a stage that waits in its queue. */
export const EXPLANATION: Explanation = { ...EXPLAINED, summary: summarize(EXPLAINED) };

/** The same in plain text. */
export const WHY_TEXT_EXAMPLE = toText(EXPLANATION);
