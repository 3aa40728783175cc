import {
  selectWorkingInstances,
  updateInstances,
  type Database,
  type InstanceVerdict,
  type KnownInstance,
} from '@askflash/typeorm-entities';
import type { Observation } from '../observe/observation';
import { assessInstance, isSuspect, lacksConsumer, type Evidence } from './assess-instance';

/** A frozen consumer is to be found within two rounds of canaries. */
const LIMIT_OF_INTERVAL = 0.4;

/** How instances are judged. */
export interface AssessmentRules {
  readonly canaryIntervalMs: number;
  readonly goneAfterMs: number;
}

/** Judges instances, look by look. */
export class AgentAssessor {
  /** Since when looks find no consumer of an instance, on the monitor's clock. */
  private withoutConsumerSinceMs: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly database: Database,
    private readonly rules: AssessmentRules,
  ) {}

  /**
   * Judges every instance of a look, and writes down what changed; while heartbeats cannot come in, each
   * stays as it is.
   *
   * @param sightedSinceMs as in `Evidence`
   * @returns the instances with their new status; those that are gone are left out
   * @throws where PostgreSQL cannot be asked
   */
  async assess(
    { instances, queues, atMs: nowMs }: Observation,
    sightedSinceMs: number | undefined,
  ): Promise<KnownInstance[] | undefined> {
    if (!instances || sightedSinceMs === undefined) return instances && [...instances];
    const { manager } = this.database.dataSource;
    const { canaryIntervalMs, goneAfterMs } = this.rules;
    const canaryLimitMs = LIMIT_OF_INTERVAL * canaryIntervalMs;
    const placeOf = ({ queue: name }: KnownInstance) => ({
      queue: queues?.find((queue) => queue.name === name),
      peers: instances.filter(({ queue }) => queue === name),
    });
    this.withoutConsumerSinceMs = new Map(
      instances
        .filter((instance) => lacksConsumer(instance, placeOf(instance)))
        .map(({ instanceId }) => [
          instanceId,
          this.withoutConsumerSinceMs.get(instanceId) ?? nowMs,
        ]),
    );
    const evidenceOf = (instance: KnownInstance): Omit<Evidence, 'hasWorked'> => ({
      ...placeOf(instance),
      nowMs,
      sightedSinceMs,
      canaryLimitMs,
      goneAfterMs,
      withoutConsumerForMs: nowMs - (this.withoutConsumerSinceMs.get(instance.instanceId) ?? nowMs),
    });
    const suspects = instances.filter((instance) => isSuspect(instance, evidenceOf(instance)));
    const suspectIds = suspects.map(({ instanceId }) => instanceId);
    const working = await selectWorkingInstances(manager, suspectIds, canaryLimitMs);
    const judged = instances.map((instance) => {
      const evidence = { ...evidenceOf(instance), hasWorked: working.has(instance.instanceId) };
      return judge(instance, evidence, canaryIntervalMs);
    });
    await updateInstances(
      manager,
      judged.flatMap(({ verdict }) => verdict ?? []),
    );
    return judged.map(({ after }) => after).filter(({ status }) => status !== 'unknown');
  }
}

/** The instance as it is judged, and what of that is to be written down. */
function judge(
  instance: KnownInstance,
  evidence: Evidence,
  canaryIntervalMs: number,
): { readonly after: KnownInstance; readonly verdict: InstanceVerdict | undefined } {
  const { instanceId } = instance;
  const { queue, nowMs } = evidence;
  const { status, reason: statusReason } = assessInstance(instance, evidence);
  const queueSize = queue?.ready ?? instance.queueSize;
  const answeredAtMs = queue?.canary?.answeredByMs.get(instanceId);
  const canaryAgoMs = answeredAtMs === undefined ? null : nowMs - answeredAtMs;
  const isNews =
    instance.status !== status ||
    instance.statusReason !== statusReason ||
    instance.queueSize !== queueSize ||
    (canaryAgoMs !== null && canaryAgoMs < canaryIntervalMs);
  return {
    after: { ...instance, status, statusReason, queueSize },
    verdict: isNews ? { instanceId, status, statusReason, queueSize, canaryAgoMs } : undefined,
  };
}
