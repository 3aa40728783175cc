import {
  selectWorkingInstances,
  updateInstances,
  type Database,
  type InstanceVerdict,
  type KnownInstance,
} from '@askflash/typeorm-entities';
import type { Observation } from '../observe/observation';
import { assessInstance, isSuspect, type Evidence } from './assess-instance';

/** A frozen consumer is to be found within two rounds of canaries. */
const LIMIT_OF_INTERVAL = 0.4;

/** How instances are judged. */
export interface AssessmentRules {
  readonly canaryIntervalMs: number;
  readonly goneAfterMs: number;
}

/**
 * Judges every instance of a look, and writes down what changed; while heartbeats cannot come in, each
 * stays as it is.
 *
 * @param sightedSinceMs as in `Evidence`
 * @returns the instances with their new status; those that are gone are left out
 * @throws where PostgreSQL cannot be asked
 */
export async function assessAgents(
  { dataSource: { manager } }: Database,
  observation: Observation,
  sightedSinceMs: number | undefined,
  { canaryIntervalMs, goneAfterMs }: AssessmentRules,
): Promise<KnownInstance[] | undefined> {
  const { instances, queues, atMs: nowMs } = observation;
  if (!instances || sightedSinceMs === undefined) return instances && [...instances];
  const canaryLimitMs = LIMIT_OF_INTERVAL * canaryIntervalMs;
  const evidenceOf = ({ queue: name }: KnownInstance): Omit<Evidence, 'hasWorked'> => ({
    nowMs,
    sightedSinceMs,
    queue: queues?.find((queue) => queue.name === name),
    peers: instances.filter(({ queue }) => queue === name),
    canaryLimitMs,
    goneAfterMs,
  });
  const suspects = instances.filter((instance) => isSuspect(instance, evidenceOf(instance)));
  const suspectIds = suspects.map(({ instanceId }) => instanceId);
  const working = await selectWorkingInstances(manager, suspectIds, canaryLimitMs);

  const verdicts: InstanceVerdict[] = [];
  const assessed = instances.map((instance): KnownInstance => {
    const evidence = evidenceOf(instance);
    const hasWorked = working.has(instance.instanceId);
    const { status, reason } = assessInstance(instance, { ...evidence, hasWorked });
    const queueSize = evidence.queue?.ready ?? instance.queueSize;
    const answeredAtMs = evidence.queue?.canary?.answeredByMs.get(instance.instanceId);
    const canaryAgoMs = answeredAtMs === undefined ? null : nowMs - answeredAtMs;
    const isNews = canaryAgoMs !== null && canaryAgoMs < canaryIntervalMs;
    const { instanceId, status: old, statusReason, queueSize: oldSize } = instance;
    if (old !== status || statusReason !== reason || oldSize !== queueSize || isNews) {
      verdicts.push({ instanceId, status, statusReason: reason, queueSize, canaryAgoMs });
    }
    return { ...instance, status, statusReason: reason, queueSize };
  });
  await updateInstances(manager, verdicts);
  return assessed.filter(({ status }) => status !== 'unknown');
}
