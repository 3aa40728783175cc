import { newId } from '@askflash/config';
import {
  AGENTS,
  STAGE_COMPLETED,
  STAGE_FAILED,
  STAGE_REQUESTED,
  type JsonObject,
  type StageRequested,
} from '@askflash/contracts';
import { acknowledge, connectMessaging, type Messaging } from '@askflash/messaging';

/** What a stand-in makes of a request: an output, a failure, or nothing at all. */
export type Answer =
  | { output: JsonObject }
  | { error: { code: string; retryable: boolean; retryAfterMs?: number } }
  | 'silence';

/** How stand-ins answer. */
export type Behaviour = (request: StageRequested) => Answer | Promise<Answer>;

/** Answers that let every default template run through. */
export const PLAUSIBLE: Record<string, JsonObject> = {
  intent_analysis: { category: 'informational' },
  embedding_lookup: { passages: [{ path: 'a.md', heading: 'A', text: 'Stop it.', score: 1 }] },
  web_search: { passages: [] },
  executor_reasoning: { answer: 'Stop it.', sources: [{ path: 'a.md', heading: 'A' }] },
  moderation: { confidence: 0.9, reasons: [] },
};

/** Every agent of the registry in one, without the kit: what it does is the test's choice. */
export class StandInAgents {
  /** Every request that came in, in order. */
  readonly requests: StageRequested[] = [];
  readonly instanceId = newId();
  behaviour: Behaviour = plausible;

  private constructor(private readonly messaging: Messaging) {}

  static async start(url: string): Promise<StandInAgents> {
    const messaging = await connectMessaging({ url, appName: 'stand-in' });
    const agents = new StandInAgents(messaging);
    for (const { queue } of AGENTS) {
      await messaging.consumers.consume({
        queue,
        prefetch: 100,
        contracts: [STAGE_REQUESTED],
        handle: async ({ payload }) => {
          agents.requests.push(payload);
          await agents.answer(payload);
          return acknowledge();
        },
      });
    }
    return agents;
  }

  /** Answers a request as the behaviour says; may be called again, for a duplicate. */
  async answer(request: StageRequested): Promise<void> {
    const answer = await this.behaviour(request);
    if (answer === 'silence') return;
    const { taskId, stage, attempt } = request;
    const about = {
      taskId,
      stage,
      attempt,
      agent: 'stand-in',
      instanceId: this.instanceId,
      startedAt: new Date().toISOString(),
      durationMs: 1,
    };
    const { publisher } = this.messaging;
    if ('output' in answer) {
      await publisher.publish(STAGE_COMPLETED, { ...about, output: answer.output });
    } else {
      const error = { message: 'stand-in', ...answer.error };
      await publisher.publish(STAGE_FAILED, { ...about, error });
    }
  }

  stop(): Promise<void> {
    return this.messaging.close({ graceMs: 1_000 });
  }
}

export function plausible({ stage }: StageRequested): { output: JsonObject } {
  return { output: PLAUSIBLE[stage] ?? {} };
}
