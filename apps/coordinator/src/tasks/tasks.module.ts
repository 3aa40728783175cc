import { RedisTasks } from '@askflash/redis-tasks';
import { EventStreams } from '@askflash/service-kit';
import { Module, type DynamicModule } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Admission } from '../engine/admission';
import { Engine } from '../engine/engine';
import { TaskReader } from '../engine/task-reader';
import { TaskFeed } from './task-feed';
import { TasksController } from './tasks.controller';
import { TasksService } from './tasks.service';

/** The HTTP API over the engine. */
@Module({})
export class TasksModule {
  constructor(streams: EventStreams, registry: Registry) {
    new Gauge({
      name: 'coordinator_sse_readers',
      help: 'Readers of streams of tasks’ events',
      registers: [registry],
      collect() {
        this.set(streams.readers);
      },
    });
  }

  static register(engineModule: DynamicModule): DynamicModule {
    return {
      module: TasksModule,
      imports: [engineModule],
      controllers: [TasksController],
      providers: [
        EventStreams,
        {
          provide: TaskFeed,
          inject: [RedisTasks, TaskReader],
          useFactory: (redisTasks: RedisTasks, reader: TaskReader) =>
            new TaskFeed(redisTasks, reader),
        },
        {
          provide: TasksService,
          inject: [Engine, Admission, TaskReader, RedisTasks, TaskFeed],
          useFactory: (
            engine: Engine,
            admission: Admission,
            reader: TaskReader,
            redisTasks: RedisTasks,
            feed: TaskFeed,
          ) => new TasksService({ engine, admission, reader, redisTasks, feed }),
        },
      ],
    };
  }
}
