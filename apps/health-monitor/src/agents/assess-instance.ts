import type { AgentStatus } from '@askflash/contracts';
import type { KnownInstance } from '@askflash/typeorm-entities';
import type { QueueSight } from '../observe/observation';
import { BATCH_WINDOW_MS } from './heartbeat-batch';

/** So many heartbeats may fail to come. */
const MISSED_BEATS = 3;

/** How long one that another has taken the place of is missed, so that a crash does not go unnoticed. */
const REPLACED_AFTER_MS = 60_000;

/** How long an instance has to be known before the broker must know its consumer, in milliseconds. */
const CONSUMER_GRACE_MS = 15_000;

/** Longer than a goodbye takes to come in: who is told to stop cancels its consumer first. */
const GOODBYE_MS = 2 * BATCH_WINDOW_MS;

/** What instances are judged by besides what they say. */
export interface Evidence {
  /** The monitor's clock, in milliseconds. */
  readonly nowMs: number;
  /** Since when heartbeats have been received and kept without a break. */
  readonly sightedSinceMs: number;
  /** The instance's queue; undefined where it cannot be looked at. */
  readonly queue: QueueSight | undefined;
  /** Instances that consume the same queue, this one included. */
  readonly peers: readonly KnownInstance[];
  /** A canary unanswered for so long tells of a frozen consumer. */
  readonly canaryLimitMs: number;
  readonly goneAfterMs: number;
  /** For how long looks have found no consumer of it, in milliseconds; 0 where they have not. */
  readonly withoutConsumerForMs: number;
  /** Whether results of the instance came in the last two rounds of canaries. */
  readonly hasWorked: boolean;
}

/** What an instance is, and why where it is unhealthy. */
export interface Assessment {
  readonly status: AgentStatus;
  readonly reason: string | null;
}

/**
 * Judges an instance by what it does:
 *
 * ```
 *   starting ──────► healthy ◄──────► unhealthy     beats missed, no consumer, a canary held, or it says so
 *       │               │  └─────────────┐ │
 *       │               ▼                ▼ ▼
 *       └─────────► stopping ─────────► unknown     no beat for long, or none after its goodbye: gone
 * ```
 *
 * One that beats again is what it says again. Times are ages on one clock each, so it does not matter
 * what an agent's own clock says.
 */
export function assessInstance(instance: KnownInstance, evidence: Evidence): Assessment {
  const { seenAgoMs, intervalMs, reportedStatus } = instance;
  const { sightedSinceMs, nowMs, goneAfterMs } = evidence;
  const allowedMs = MISSED_BEATS * intervalMs + BATCH_WINDOW_MS;
  const isMissed = nowMs - sightedSinceMs > allowedMs && seenAgoMs > allowedMs;
  const patienceMs = isReplaced(instance, evidence)
    ? Math.min(REPLACED_AFTER_MS, goneAfterMs)
    : goneAfterMs;
  if (isMissed && (reportedStatus === 'stopping' || seenAgoMs > patienceMs)) {
    return { status: 'unknown', reason: null };
  }
  if (reportedStatus === 'stopping') return { status: 'stopping', reason: null };
  const reason = isMissed
    ? `No heartbeat for ${seconds(seenAgoMs)}; one is due every ${seconds(intervalMs)}`
    : (heldCanary(instance, evidence) ??
      missingConsumer(evidence) ??
      ownWord(instance.reportedStatus));
  if (reason !== null) return { status: 'unhealthy', reason };
  return { status: reportedStatus === 'unknown' ? 'healthy' : reportedStatus, reason: null };
}

/** Whether an instance may hold a canary that nobody answers: whether it has worked is then worth a look. */
export function isSuspect(instance: KnownInstance, evidence: Omit<Evidence, 'hasWorked'>): boolean {
  return heldCanary(instance, { ...evidence, hasWorked: false }) !== undefined;
}

/**
 * Where more canaries are unanswered than messages wait in the queue, consumers hold some; those that
 * have answered nothing since are suspects, unless they are too young or have shown results.
 */
function heldCanary(
  { instanceId, knownForMs }: KnownInstance,
  { queue, nowMs, canaryLimitMs, hasWorked }: Evidence,
): string | undefined {
  if (!queue?.canary || hasWorked) return undefined;
  const { unansweredSinceMs, answeredByMs } = queue.canary;
  const overdue = unansweredSinceMs.filter((sentAtMs) => nowMs - sentAtMs >= canaryLimitMs);
  const [oldestMs] = overdue;
  if (oldestMs === undefined || overdue.length <= queue.ready) return undefined;
  const heldForMs = nowMs - oldestMs;
  const hasAnswered = (answeredByMs.get(instanceId) ?? -Infinity) >= oldestMs;
  const isConsumer = queue.told?.consumerTags.has(instanceId) ?? true;
  if (hasAnswered || !isConsumer || knownForMs < heldForMs) return undefined;
  return `Its consumer is frozen: a canary is unanswered for ${seconds(heldForMs)}`;
}

/** Whether it has no consumer any more, and another instance of its agent came after its last sign. */
function isReplaced(
  { instanceId, agent, seenAgoMs }: KnownInstance,
  { queue, peers }: Evidence,
): boolean {
  if (queue?.told?.consumerTags.has(instanceId) !== false) return false;
  return peers.some(
    (peer) => peer.agent === agent && peer.instanceId !== instanceId && peer.knownForMs < seenAgoMs,
  );
}

function missingConsumer({ queue, withoutConsumerForMs }: Evidence): string | undefined {
  if (!queue || withoutConsumerForMs <= GOODBYE_MS) return undefined;
  return `It beats, and RabbitMQ knows no consumer of it on ${queue.name}`;
}

/**
 * Whether RabbitMQ knows no consumer of an instance; told only where every consumer of the queue is known
 * by its tag, and the instance is not busy, when it may have paused.
 */
export function lacksConsumer(
  { instanceId, knownForMs, inFlight }: KnownInstance,
  { queue, peers }: Pick<Evidence, 'queue' | 'peers'>,
): boolean {
  const tags = queue?.told?.consumerTags;
  if (!tags || tags.has(instanceId) || inFlight > 0 || knownForMs < CONSUMER_GRACE_MS) return false;
  const isKnown = (tag: string) => peers.some((peer) => peer.instanceId === tag);
  return [...tags].every(isKnown);
}

function ownWord(reported: AgentStatus): string | null {
  return reported === 'unhealthy' ? 'It says so itself' : null;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
