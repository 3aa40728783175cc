import type { Cause, CauseOf, Instance } from './dto';
import type { Facts } from './facts';

/** An instance not seen for so long is gone. */
const GONE_AFTER_MS = 300_000;

/** What is wrong with those that should take a stage's request. */
export function consumerCauses(facts: Facts, stage: string, queue: string | undefined): Cause[] {
  const { queues } = facts.broker;
  if (queue === undefined) return [{ type: 'queue_missing', stage, queue: null }];
  const instances = liveInstances(facts, queue);
  const unhealthy = instances.filter(
    ({ status }) => status === 'unhealthy' || status === 'unknown',
  );
  const healthy = instances.filter(({ status }) => status === 'healthy').length;
  const causes: Cause[] = [];
  const live = queues?.get(queue);
  if (queues !== undefined && live === undefined)
    causes.push({ type: 'queue_missing', stage, queue });
  if (live?.consumers === 0) {
    const lastSeen = lastSeenOf(facts, queue);
    causes.push({ type: 'no_consumer', stage, queue, ready: live.ready, lastSeen });
  }
  if (unhealthy.length > 0) {
    causes.push({ type: 'consumers_unhealthy', stage, queue, healthy, unhealthy });
  }
  return causes;
}

function lastSeenOf({ instances }: Facts, queue: string): CauseOf<'no_consumer'>['lastSeen'] {
  const [last] = instances.get(queue) ?? [];
  if (last === undefined) return null;
  const { instanceId, agent, seenAgoMs } = last;
  return { instanceId, agent, seenAgoMs };
}

/** Instances of a queue's agent that are there, or were until a moment ago. */
export function liveInstances({ instances }: Facts, queue: string): Instance[] {
  return (instances.get(queue) ?? []).filter(({ seenAgoMs }) => seenAgoMs <= GONE_AFTER_MS);
}
