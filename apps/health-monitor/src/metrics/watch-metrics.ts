import { AGENT_STATUSES } from '@askflash/contracts';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CONDITIONS, CONDITION_NAMES } from '../conditions/condition';
import type { Observation, QueueSight } from '../observe/observation';
import { Watch } from '../watch/watch';
import { LookCollectors, type Sample } from './look-collectors';

/** What the last look saw, as metrics. What it could not see is left out rather than told as it was. */
@Injectable()
export class WatchMetrics {
  private readonly collectors: LookCollectors;

  constructor(
    private readonly watch: Watch,
    registry: Registry,
  ) {
    this.collectors = new LookCollectors(watch, registry);
    this.addConditions();
    this.addQueues();
    this.addCanaries();
    this.addInstances();
    this.addServers();
  }

  private addConditions(): void {
    const { watch } = this;
    this.collectors.gauge(
      'mcp_last_look_timestamp_seconds',
      'When the monitor last looked; conditions are as of then',
      [],
      ({ at }) => [[{}, at.getTime() / 1000]],
    );
    this.collectors.gauge(
      'mcp_condition_open',
      '1 for each condition that is open',
      ['condition', 'subject', 'severity'],
      () =>
        watch.conditions.map(({ name, subject, severity }) => [
          { condition: name, subject, severity },
          1,
        ]),
    );
    this.collectors.gauge(
      'mcp_conditions_open',
      'Of how many subjects the condition is open',
      ['condition', 'severity'],
      () =>
        CONDITION_NAMES.map((condition) => [
          { condition, severity: CONDITIONS[condition].severity },
          watch.conditions.filter(({ name }) => name === condition).length,
        ]),
    );
  }

  private addQueues(): void {
    this.queueGauge(
      'mcp_queue_messages_ready',
      'Messages that wait for a consumer',
      ({ ready }) => ready,
    );
    this.queueGauge(
      'mcp_queue_messages_unacknowledged',
      'Messages that a consumer has',
      ({ told }) => told?.unacknowledged,
    );
    this.queueGauge('mcp_queue_consumers', 'Consumers of the queue', ({ consumers }) => consumers);
    this.collectors.counter(
      'mcp_queue_published_total',
      'Messages that were put into the queue',
      ['queue'],
      ({ queues }) => samplesOf(queues, ({ told }) => told?.published),
    );
    this.collectors.counter(
      'mcp_queue_acknowledged_total',
      'Messages of the queue that were acknowledged',
      ['queue'],
      ({ queues }) => samplesOf(queues, ({ told }) => told?.acknowledged),
    );
  }

  private addCanaries(): void {
    this.queueGauge(
      'mcp_canary_round_trip_seconds',
      'From sending a canary through the queue to its consumer’s answer, the last one answered',
      ({ canary }) => inSeconds(canary?.roundTripMs),
    );
    this.collectors.gauge(
      'mcp_canary_waiting_seconds',
      'For how long the queue’s oldest unanswered canary is under way; 0 where there is none',
      ['queue'],
      ({ queues, atMs }) =>
        samplesOf(queues, ({ canary }) => {
          const [oldestMs = atMs] = canary?.unansweredSinceMs ?? [];
          return canary && (atMs - oldestMs) / 1000;
        }),
    );
  }

  private addInstances(): void {
    this.collectors.gauge(
      'mcp_agent_instances',
      'Instances of each agent, by how the monitor sees them',
      ['agent', 'status'],
      ({ instances = [] }) => {
        const agents = [...new Set(instances.map(({ agent }) => agent))];
        return agents.flatMap((agent) =>
          AGENT_STATUSES.filter((status) => status !== 'unknown').map(
            (status): Sample<'agent' | 'status'> => [
              { agent, status },
              instances.filter((one) => one.agent === agent && one.status === status).length,
            ],
          ),
        );
      },
    );
  }

  private addServers(): void {
    const single = (
      name: string,
      help: string,
      valueOf: (seen: Observation) => number | undefined,
    ) =>
      this.collectors.gauge(name, help, [], (seen) => {
        const value = valueOf(seen);
        return value === undefined ? [] : [[{}, value]];
      });
    single(
      'mcp_redis_memory_used_bytes',
      'Memory that Redis uses',
      ({ redis }) => redis?.usedMemoryBytes,
    );
    single(
      'mcp_redis_memory_limit_bytes',
      'maxmemory of Redis',
      ({ redis }) => redis?.memoryLimitBytes,
    );
    this.collectors.counter(
      'mcp_redis_evicted_keys_total',
      'Keys that Redis evicted',
      [],
      ({ redis }) => (redis ? [[{}, redis.evictedKeys]] : []),
    );
    single(
      'mcp_postgres_connections',
      'Client connections of PostgreSQL',
      ({ database }) => database?.connections,
    );
    single(
      'mcp_postgres_connections_limit',
      'How many there may be',
      ({ database }) => database?.connectionLimit,
    );
    single(
      'mcp_outbox_messages',
      'Messages in the outbox, 10 000 at most',
      ({ database }) => database?.outboxMessages,
    );
    single('mcp_outbox_oldest_age_seconds', 'Age of the oldest of them', ({ database }) =>
      inSeconds(database?.outboxAgeMs),
    );
  }

  private queueGauge(
    name: string,
    help: string,
    valueOf: (queue: QueueSight) => number | undefined,
  ): void {
    this.collectors.gauge(name, help, ['queue'], ({ queues }) => samplesOf(queues, valueOf));
  }
}

function samplesOf(
  queues: readonly QueueSight[] | undefined,
  valueOf: (queue: QueueSight) => number | undefined,
): Sample<'queue'>[] {
  return (queues ?? []).flatMap((queue): Sample<'queue'>[] => {
    const value = valueOf(queue);
    return value === undefined ? [] : [[{ queue: queue.name }, value]];
  });
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
