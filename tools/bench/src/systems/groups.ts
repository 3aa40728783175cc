import type { BenchmarkGroup } from '../benchmark';
import { backbone } from './backbone/backbone';
import { benchmarkOf } from './benchmark-of';
import { bullmq } from './bullmq/bullmq';
import { dbos } from './dbos/dbos';
import { graphileWorker } from './graphile-worker/graphile-worker';
import { restate } from './restate/restate';

/** The backbone and its peers on the same work, on the same machine. */
export const SYSTEM_GROUPS: readonly BenchmarkGroup[] = [
  {
    name: 'systems',
    title: 'A linear task of five stages that do nothing: a backlog, then 50 tasks/s',
    reference: backbone.name,
    isAlone: true,
    benchmarks: [
      benchmarkOf(backbone, {
        tasks: { atLeastTimes: { bullmq: 1, dbos: 5, restate: 5 } },
        'p50 at 50/s': { atMost: 15 },
        'p99 at 50/s': { atMost: 40 },
      }),
      benchmarkOf(bullmq),
      benchmarkOf(dbos),
      benchmarkOf(restate),
      benchmarkOf(graphileWorker),
    ],
  },
];
