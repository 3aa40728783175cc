import { DEAD_LETTER_QUEUE } from '@askflash/messaging';
import type { QueueSight } from '../observe/observation';
import type { Past } from '../observe/past';
import type { Finding } from './condition';
import type { Thresholds } from './thresholds';

/** What is wrong with queues, as one look and those before it show them. */
export function findQueueConditions(
  queues: readonly QueueSight[],
  past: Past,
  nowMs: number,
  thresholds: Thresholds,
): Finding[] {
  return queues.flatMap((queue) => [
    ...(queue.canary ? findInWorkQueue(queue, past, nowMs, thresholds) : []),
    ...(queue.name === DEAD_LETTER_QUEUE ? findNewDeadLetters(past, thresholds) : []),
  ]);
}

/** At most one of them, that which explains the others. */
function findInWorkQueue(
  queue: QueueSight,
  past: Past,
  nowMs: number,
  thresholds: Thresholds,
): Finding[] {
  const { name, ready, consumers } = queue;
  if (consumers === 0) {
    const summary = `Nobody consumes ${name}; ${ready} messages wait in it`;
    return [
      { name: 'queue_without_consumer', subject: name, summary, value: consumers, threshold: 1 },
    ];
  }
  const stuck = findStuck(queue, past, thresholds);
  return [stuck ?? findSlow(queue, nowMs, thresholds)].flatMap((finding) => finding ?? []);
}

/** Over two rounds of canaries, that are messages too, nothing was taken off it. */
function findStuck(
  { name, ready, consumers }: QueueSight,
  past: Past,
  { canaryIntervalMs }: Thresholds,
): Finding | undefined {
  const course = past.course(name, 2 * canaryIntervalMs);
  if (!course || ready === 0 || course.growth <= 0 || course.acknowledged !== 0) return undefined;
  return {
    name: 'queue_stuck',
    subject: name,
    summary: `${name} grew by ${course.growth} to ${ready} messages within ${seconds(course.forMs)}, and its ${consumers} consumers acknowledged none`,
    value: course.growth,
    threshold: 0,
  };
}

function findSlow(
  { name, canary, ready }: QueueSight,
  nowMs: number,
  { queueWaitMs }: Thresholds,
): Finding | undefined {
  const [oldestMs] = canary?.unansweredSinceMs ?? [];
  // One that is out of the queue does not wait in it: its consumer is to blame.
  const waitingMs = oldestMs === undefined || ready === 0 ? 0 : nowMs - oldestMs;
  const waitMs = Math.max(waitingMs, canary?.roundTripMs ?? 0);
  if (waitMs <= queueWaitMs) return undefined;
  return {
    name: 'queue_slow',
    subject: name,
    summary: `A canary waits ${seconds(waitMs)} in ${name}, behind ${ready} messages`,
    value: waitMs,
    threshold: queueWaitMs,
  };
}

function findNewDeadLetters(past: Past, { deadLettersCount }: Thresholds): Finding[] {
  const count = past.arrivals(DEAD_LETTER_QUEUE);
  if (count < deadLettersCount) return [];
  const summary = `${count} messages came into ${DEAD_LETTER_QUEUE} within ten minutes`;
  return [
    {
      name: 'dead_letters_growing',
      subject: DEAD_LETTER_QUEUE,
      summary,
      value: count,
      threshold: deadLettersCount,
    },
  ];
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
