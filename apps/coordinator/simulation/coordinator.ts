import { Registry } from 'prom-client';
import { Admission } from '../src/engine/admission';
import { Engine } from '../src/engine/engine';
import { EngineLifecycle } from '../src/engine/engine-lifecycle';
import { Outbox } from '../src/engine/outbox';
import { Poller } from '../src/engine/poller';
import { PostgresTaskStore } from '../src/engine/postgres-task-store';
import { TaskReader } from '../src/engine/task-reader';
import { TemplateStore } from '../src/engine/template-store';
import { ViewSweep } from '../src/engine/view-sweep';
import { ViewWriter } from '../src/engine/view-writer';
import { SimulatedPublisher, type Broker } from './broker';
import { SimulatedRedisTasks, type Cache } from './cache';
import type { Choices } from './choices';
import { SimulatedConsumers } from './consumers';
import type { Database } from './database';
import type { Operations, Process } from './operations';
import { SimulatedDataSource } from './typeorm';

const BATCH_MAX_COUNT = 3;
const POLL_INTERVAL_MS = 1_000;
const NO_BACKLOG = { openTaskCount: 0, unsentForMs: 0, oldestUnsentMs: 0 };

/** The servers that all coordinators share. */
export interface Servers {
  readonly choices: Choices;
  readonly operations: Operations;
  readonly database: Database;
  readonly broker: Broker;
  readonly cache: Cache;
}

/** A coordinator's loop, as it starts, runs and stops, on simulated servers. */
export class SimulatedCoordinator implements Process {
  crashed = false;
  frozen = false;
  readonly engine: Engine;
  readonly consumers = new SimulatedConsumers();
  private readonly lifecycle: EngineLifecycle;

  constructor({ choices, operations, database, broker, cache }: Servers) {
    const dataSource = new SimulatedDataSource(this, database);
    const publisher = new SimulatedPublisher(this, broker, operations, choices);
    const redisTasks = new SimulatedRedisTasks(this, cache, operations);
    const templates = new TemplateStore();
    const registry = new Registry();
    const reader = new TaskReader(dataSource, templates);
    const outbox = new Outbox(publisher);
    const views = new ViewWriter(redisTasks, (taskId) => reader.snapshot(taskId));
    const changedTasks = (withinMs: number) => reader.changedWithin(withinMs);
    const sweep = new ViewSweep({ redisTasks, views, changedTasks });
    const store = new PostgresTaskStore(dataSource, templates);
    const engine = new Engine({ store, outbox, views, batchMaxCount: BATCH_MAX_COUNT, registry });
    const admission = new Admission({
      ...{ publisher, outbox, engine, registry, maxOpenTaskCount: Infinity },
      backlog: async () => NO_BACKLOG,
    });
    const poller = new Poller({
      ...{ engine, outbox, views, sweep, reader, admission, dataSource },
      intervalMs: POLL_INTERVAL_MS,
    });
    this.engine = engine;
    this.lifecycle = new EngineLifecycle({
      ...{ consumers: this.consumers, engine, poller, prefetch: BATCH_MAX_COUNT, rabbitmqUrl: '' },
      database: { whenReady: async () => dataSource },
    });
    this.lifecycle.onApplicationBootstrap();
  }

  /** Whether it takes reports and requests. */
  get isOpen(): boolean {
    return !this.crashed && !this.frozen && this.consumers.isConsuming;
  }

  /** Resolves once it has put down what it had in its hands. */
  stop(): Promise<void> {
    return this.lifecycle.beforeApplicationShutdown();
  }
}
