import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { Consumers, Publisher } from '@askflash/messaging';
import { RedisTasks } from '@askflash/redis-tasks';
import { Database, selectBacklog } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Admission, IGNORED_MESSAGE_COUNT } from './admission';
import { Engine } from './engine';
import { EngineLifecycle } from './engine-lifecycle';
import { Outbox } from './outbox';
import { Poller } from './poller';
import { PostgresTaskStore } from './postgres-task-store';
import { TaskReader } from './task-reader';
import { TemplateStore } from './template-store';
import { ViewSweep } from './view-sweep';
import { ViewWriter } from './view-writer';

/** The engine and what it is made of; starts and drains with the app. */
@Module({})
export class EngineModule {
  static register({
    batchMaxCount,
    openTasksMaxCount,
    pollIntervalMs,
    rabbitmqUrl,
  }: ConfigOf<typeof COORDINATOR_CONFIG>): DynamicModule {
    return {
      module: EngineModule,
      providers: [
        TemplateStore,
        {
          provide: TaskReader,
          inject: [Database, TemplateStore],
          useFactory: ({ dataSource }: Database, templates: TemplateStore) =>
            new TaskReader(dataSource, templates),
        },
        {
          provide: Outbox,
          inject: [Publisher],
          useFactory: (publisher: Publisher) => new Outbox(publisher),
        },
        {
          provide: ViewWriter,
          inject: [RedisTasks, TaskReader],
          useFactory: (redisTasks: RedisTasks, reader: TaskReader) =>
            new ViewWriter(redisTasks, (taskId) => reader.snapshot(taskId)),
        },
        {
          provide: ViewSweep,
          inject: [RedisTasks, ViewWriter, TaskReader],
          useFactory: (redisTasks: RedisTasks, views: ViewWriter, reader: TaskReader) =>
            new ViewSweep({
              redisTasks,
              views,
              changedTasks: (withinMs) => reader.changedWithin(withinMs),
            }),
        },
        {
          provide: Engine,
          inject: [Database, TemplateStore, Outbox, ViewWriter, Registry],
          useFactory: (
            { dataSource }: Database,
            templates: TemplateStore,
            outbox: Outbox,
            views: ViewWriter,
            registry: Registry,
          ) => {
            const store = new PostgresTaskStore(dataSource, templates);
            return new Engine({ store, outbox, views, batchMaxCount, registry });
          },
        },
        {
          provide: Admission,
          inject: [Database, Publisher, Outbox, Engine, Registry],
          useFactory: (
            { dataSource }: Database,
            publisher: Publisher,
            outbox: Outbox,
            engine: Engine,
            registry: Registry,
          ) =>
            new Admission({
              publisher,
              outbox,
              engine,
              registry,
              maxOpenTaskCount: openTasksMaxCount,
              backlog: () =>
                selectBacklog(dataSource.manager, {
                  maxTaskCount: openTasksMaxCount,
                  ignoredMessageCount: IGNORED_MESSAGE_COUNT,
                }),
            }),
        },
        {
          provide: Poller,
          inject: [Database, Engine, Outbox, ViewWriter, ViewSweep, TaskReader, Admission],
          useFactory: (
            { dataSource }: Database,
            engine: Engine,
            outbox: Outbox,
            views: ViewWriter,
            sweep: ViewSweep,
            reader: TaskReader,
            admission: Admission,
          ) =>
            new Poller({
              dataSource,
              engine,
              outbox,
              views,
              sweep,
              reader,
              admission,
              intervalMs: pollIntervalMs,
            }),
        },
        {
          provide: EngineLifecycle,
          inject: [Database, Consumers, Engine, Poller],
          useFactory: (database: Database, consumers: Consumers, engine: Engine, poller: Poller) =>
            new EngineLifecycle({
              database,
              consumers,
              engine,
              poller,
              prefetch: batchMaxCount,
              rabbitmqUrl,
            }),
        },
      ],
      exports: [Admission, Engine, Outbox, TaskReader, EngineLifecycle],
    };
  }
}
