import type { BenchmarkGroup } from '../benchmark';
import { pgbench } from './postgres/pgbench';
import { typeormEntities } from './postgres/typeorm-entities';
import { amqplib } from './rabbitmq/amqplib';
import { messaging } from './rabbitmq/messaging';
import { redisBenchmark } from './redis/redis-benchmark';
import { redisTasks } from './redis/redis-tasks';

/** Each library beside the physical floor: the same server on the same machine without it. */
export const COMPONENT_GROUPS: readonly BenchmarkGroup[] = [
  {
    name: 'redis-tasks',
    title: 'The live view of tasks in Redis',
    reference: redisBenchmark.name,
    benchmarks: [redisBenchmark, redisTasks],
  },
  {
    name: 'messaging',
    title: 'Messages over six quorum queues at once',
    reference: amqplib.name,
    benchmarks: [amqplib, messaging],
  },
  {
    name: 'typeorm-entities',
    title: 'Tasks inserted into PostgreSQL',
    reference: pgbench.name,
    benchmarks: [pgbench, typeormEntities],
  },
];
