import { DEAD_LETTER_QUEUE } from '@askflash/messaging';
import { selectRecentTasks, type Database, type KnownInstance } from '@askflash/typeorm-entities';
import { runbookUrl } from '../conditions/runbook-url';
import type { Observation, QueueSight } from '../observe/observation';
import { withinTime } from '../observe/within-time';
import type { Watch } from '../watch/watch';
import type { CanaryStatus, InstanceStatus, QueueStatus, StatusSnapshot } from './status-snapshot';
import { StatusSource } from './status-source';

const RECENT_TASK_COUNT = 12;

/** So far back the depth of queues is shown. */
const DEPTHS_MS = 300_000;

/** What the status page is made from. */
export interface LiveStatusParts {
  readonly watch: Pick<Watch, 'latest' | 'conditions' | 'depths'>;
  readonly database: Database;
  readonly publicUrl: string;
  readonly coordinatorPublicUrl: string | undefined;
  readonly timeoutMs: number;
}

/** Puts together what the last looks saw, and the tasks of now. */
export class LiveStatus extends StatusSource {
  constructor(private readonly parts: LiveStatusParts) {
    super();
  }

  /** What is known at the moment; before the first look, that nothing is. */
  async snapshot(): Promise<StatusSnapshot> {
    const { watch, publicUrl } = this.parts;
    const { latest, conditions } = watch;
    const tasks = await this.recentTasks();
    return {
      at: latest?.at ?? new Date(),
      servers: Object.entries(latest?.checks ?? {}).map(([name, check]) => ({ name, ...check })),
      conditions: conditions.map((condition) => ({
        ...condition,
        runbookUrl: runbookUrl(publicUrl, condition.name),
      })),
      queues: latest?.queues?.map((queue) => ({
        ...toQueueStatus(queue, latest.atMs),
        depths: watch.depths(queue.name, DEPTHS_MS),
      })),
      agents: latest?.instances?.map((instance) => toInstanceStatus(instance)),
      tasks,
      deadLetters: this.deadLetters(latest),
    };
  }

  private recentTasks(): Promise<StatusSnapshot['tasks']> {
    const { database, timeoutMs } = this.parts;
    const { manager } = database.dataSource;
    return withinTime('recent tasks', timeoutMs, () =>
      selectRecentTasks(manager, { limit: RECENT_TASK_COUNT }),
    );
  }

  private deadLetters(latest: Observation | undefined): StatusSnapshot['deadLetters'] {
    const { coordinatorPublicUrl } = this.parts;
    const queue = latest?.queues?.find(({ name }) => name === DEAD_LETTER_QUEUE);
    if (!queue) return undefined;
    const url = coordinatorPublicUrl && `${coordinatorPublicUrl.replace(/\/+$/, '')}/dead-letters`;
    return { count: queue.ready, url };
  }
}

function toQueueStatus(
  { name, ready, consumers, told, canary }: QueueSight,
  atMs: number,
): Omit<QueueStatus, 'depths'> {
  return {
    name,
    ready,
    consumers,
    unacknowledged: told?.unacknowledged ?? 0,
    publishedPerSecond: told?.publishedPerSecond ?? 0,
    acknowledgedPerSecond: told?.acknowledgedPerSecond ?? 0,
    canary: canary && toCanaryStatus(canary, atMs),
  };
}

function toCanaryStatus(
  { roundTripMs, answeredAtMs, unansweredSinceMs: [oldestMs] }: NonNullable<QueueSight['canary']>,
  atMs: number,
): CanaryStatus {
  const ago = (moment: number | undefined) => (moment === undefined ? undefined : atMs - moment);
  return { roundTripMs, answeredAgoMs: ago(answeredAtMs), waitingMs: ago(oldestMs) };
}

function toInstanceStatus({ seenAgoMs, ...instance }: KnownInstance): InstanceStatus {
  const { agent, instanceId, version, status, statusReason, queue, queueSize, startedAt } =
    instance;
  const { cpuPercent, memoryBytes, inFlight, processed, failed } = instance;
  return {
    agent,
    instanceId,
    version,
    status,
    statusReason,
    queue,
    queueSize,
    lastSeenAgoMs: seenAgoMs,
    startedAt,
    cpuPercent,
    memoryBytes,
    inFlight,
    processed,
    failed,
  };
}
