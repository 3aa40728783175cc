import type { JsonObject } from '@askflash/contracts';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { sample } from '../plan/sample';

/** What an agent makes of an attempt. */
export interface Behaviour {
  readonly workMs: number;
  readonly fate: 'complete' | 'fail' | 'fail-for-good' | 'retry-later' | 'hang';
  /** 0–1: of its moderation. */
  readonly confidence: number;
  readonly wantsWeb: boolean;
}

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  workMs: fc.oneof(
    { weight: 15, arbitrary: fc.integer({ min: 0, max: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 800 }) },
  ),
  fate: fc.oneof(
    { weight: 94, arbitrary: fc.constant('complete' as const) },
    { weight: 3, arbitrary: fc.constant('fail' as const) },
    { weight: 1, arbitrary: fc.constant('fail-for-good' as const) },
    { weight: 1, arbitrary: fc.constant('retry-later' as const) },
    { weight: 1, arbitrary: fc.constant('hang' as const) },
  ),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  wantsWeb: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
});

/** The same for the same attempt of the same planned task, whoever runs it and however often. */
export function behaviourOf(taskSeed: number, stage: string, attempt: number): Behaviour {
  const hash = createHash('sha256').update(`${taskSeed}/${stage}/${attempt}`).digest();
  return sample(behaviour, hash.readInt32BE());
}

/** An output that the stage’s schema takes. */
export function outputOf(stage: string, { confidence, wantsWeb }: Behaviour): JsonObject {
  switch (stage) {
    case 'embedding_lookup':
    case 'web_search':
      return { passages: [{ path: 'a.md', heading: 'A', text: 'A', score: 1 }] };
    case 'executor_reasoning':
      return {
        answer: 'A',
        sources: [{ path: 'a.md', heading: 'A' }],
        ...(wantsWeb ? { needsWebSearch: true } : {}),
      };
    case 'moderation':
      return { confidence, reasons: [] };
    default:
      return { category: 'informational' };
  }
}
