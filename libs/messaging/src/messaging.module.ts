import {
  Inject,
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { Canaries } from './canary/canaries';
import { Consumers } from './consumer/consumers';
import { DeadLetterQueue } from './dead-letters/dead-letter-queue';
import { connectMessaging, type Messaging } from './messaging';
import type { MessagingOptions } from './messaging-options';
import { Prober } from './prober/prober';
import { Publisher } from './publisher/publisher';
import { QueueCounts } from './queues/queue-counts';
import { MessagingStatus } from './status/status';

const OPTIONS = Symbol('MessagingOptions');
const MESSAGING = Symbol('Messaging');

/** How options are made out of other providers. */
export interface MessagingAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider<MessagingOptions>, 'inject'> {
  readonly useFactory: FactoryProvider<MessagingOptions>['useFactory'];
}

/**
 * Gives a Nest app the parts of its `Messaging`, everywhere. The app boots whether the broker is up
 * or not. On shutdown consumers drain and connections close.
 */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(@Inject(MESSAGING) private readonly messaging: Messaging) {}

  static forRoot(options: MessagingOptions): DynamicModule {
    return MessagingModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports, inject, useFactory }: MessagingAsyncOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports: imports ?? [],
      providers: [
        { provide: OPTIONS, useFactory, inject: inject ?? [] },
        {
          provide: MESSAGING,
          inject: [OPTIONS, { token: Registry, optional: true }],
          useFactory: (options: MessagingOptions, registry?: Registry) =>
            connectMessaging(registry ? { registry, ...options } : options),
        },
        part(Publisher, 'publisher'),
        part(Consumers, 'consumers'),
        part(MessagingStatus, 'status'),
        part(Prober, 'prober'),
        part(Canaries, 'canaries'),
        part(DeadLetterQueue, 'deadLetters'),
        part(QueueCounts, 'queueCounts'),
      ],
      exports: [
        Publisher,
        Consumers,
        MessagingStatus,
        Prober,
        Canaries,
        DeadLetterQueue,
        QueueCounts,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.messaging.close();
  }
}

function part(
  provide: FactoryProvider['provide'],
  key: Exclude<keyof Messaging, 'close'>,
): FactoryProvider {
  return { provide, useFactory: (messaging: Messaging) => messaging[key], inject: [MESSAGING] };
}
