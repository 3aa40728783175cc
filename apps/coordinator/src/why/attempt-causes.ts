import { queueOfStage } from '@askflash/contracts';
import { findStage, type StageState, type TemplateStage } from '@askflash/dag-templates';
import { brokerCauses, unsentCause } from './broker-causes';
import { consumerCauses, liveInstances } from './consumer-causes';
import type { Cause } from './dto';
import type { Facts, QueueFacts } from './facts';

/** The attempt of a stage that is under way, in milliseconds. */
interface Attempt {
  readonly stage: string;
  readonly attempt: number;
  readonly sinceMs: number;
  readonly leftMs: number;
}

/** Why a stage is not done that depends on nothing any more: it is requested, or pauses. */
export function attemptCauses(facts: Facts, stage: TemplateStage): Cause[] {
  const state = findStage(facts.task.state, stage.name);
  if (state?.status === 'requested') return requestedCauses(facts, toAttempt(facts, stage, state));
  if (state?.status === 'backing_off') return [pauseCause(facts, stage, state)];
  return [];
}

function toAttempt({ at }: Facts, { name }: TemplateStage, state: StageState): Attempt {
  const now = at.getTime();
  return {
    stage: name,
    attempt: state.attempt,
    sinceMs: Math.max(0, Math.round(now - (state.requestedAt ?? now))),
    leftMs: Math.round((state.deadlineAt ?? now) - now),
  };
}

function requestedCauses(facts: Facts, attempt: Attempt): Cause[] {
  const { stage, leftMs } = attempt;
  const queue = queueOfStage(stage);
  const unsent = facts.unconfirmed
    .filter(({ request }) => request?.stage === stage && request.attempt === attempt.attempt)
    .flatMap((message) => unsentCause(facts, message));
  const overdue: Cause[] =
    leftMs > 0
      ? []
      : [{ type: 'timing_out', stage, attempt: attempt.attempt, overdueMs: Math.abs(leftMs) }];
  return [
    ...overdue,
    ...(unsent.length > 0 ? unsent : whereabouts(facts, attempt, queue)),
    ...brokerCauses(facts, stage),
    ...consumerCauses(facts, stage, queue),
  ];
}

/** Where a request is that was sent: in its queue, or with an agent. */
function whereabouts(facts: Facts, attempt: Attempt, queue: string | undefined): Cause[] {
  if (queue === undefined) return [];
  const { broker, progress } = facts;
  const instances = liveInstances(facts, queue);
  const live = broker.queues?.get(queue);
  const said = progress.find(
    (event) => event.stage === attempt.stage && event.attempt === attempt.attempt,
  );
  const { answersWaiting } = broker;
  if (said !== undefined) {
    const [message, fraction] =
      said.type === 'progress' ? [said.message, said.fraction ?? null] : [null, null];
    const evidence = { evidence: 'progress', progress: { message, fraction } } as const;
    return [{ type: 'running', ...attempt, queue, ...evidence, answersWaiting, instances }];
  }
  if (live === undefined) return [];
  if (live.ready === 0) {
    const evidence = { evidence: 'not_in_queue', progress: null } as const;
    return [{ type: 'running', ...attempt, queue, ...evidence, answersWaiting, instances }];
  }
  return [{ type: 'queued', ...attempt, queue, ...live, estimatedWaitMs: waitMs(live), instances }];
}

/** Where next to nothing is taken, a wait has no end that could be told. */
function waitMs({ ready, drainPerSecond }: QueueFacts): number | null {
  const ms = Math.round((ready / (drainPerSecond ?? 0)) * 1000);
  return Number.isSafeInteger(ms) ? ms : null;
}

function pauseCause({ at, events }: Facts, stage: TemplateStage, state: StageState): Cause {
  const { name, retry } = stage;
  const { attempt, failures, error } = state;
  const retryAt = state.retryAt ?? at.getTime();
  const scheduled = events.findLast(
    (event) =>
      event.type === 'stage.retry_scheduled' && event.stage === name && event.attempt === attempt,
  );
  const longestMs = Math.min(retry.backoffMs * retry.factor ** (failures - 1), retry.maxBackoffMs);
  return {
    type: 'backing_off',
    stage: name,
    attempt,
    error,
    failures,
    maxFailures: retry.limit + 1,
    nextAttemptAt: new Date(retryAt).toISOString(),
    inMs: Math.round(retryAt - at.getTime()),
    askedByAgent: scheduled !== undefined && retryAt - Date.parse(scheduled.at) > longestMs,
  };
}
