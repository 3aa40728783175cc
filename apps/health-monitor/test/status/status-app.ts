import { createHttpApp, type HttpAppOptions } from '@askflash/service-kit';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RunbookNotFoundError } from '../../src/runbooks/errors';
import { StatusModule } from '../../src/status/status.module';
import { StatusSource } from '../../src/status/status-source';
import type { FakeStatus } from './fake-status';

/** The status page over a status that a test sets: it needs no server. */
export function createStatusApp(
  status: FakeStatus,
  options: Partial<HttpAppOptions> = {},
): Promise<NestFastifyApplication> {
  const module: DynamicModule = {
    module: StatusModule,
    providers: [{ provide: StatusSource, useValue: status }],
  };
  return createHttpApp(module, {
    appName: 'status',
    level: 'silent',
    statuses: { [RunbookNotFoundError.code]: 404 },
    ...options,
  });
}
