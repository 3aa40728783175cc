import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Tracing } from './start-tracing';

/** Ends tracing with the app. Global, and imported before the others, so that it ends after them. */
@Module({})
export class TracingModule {
  static ending(tracing: Tracing): DynamicModule {
    const end: OnApplicationShutdown = { onApplicationShutdown: () => tracing.stop() };
    return { module: TracingModule, global: true, providers: [{ provide: END, useValue: end }] };
  }
}

const END = Symbol('TracingEnd');
