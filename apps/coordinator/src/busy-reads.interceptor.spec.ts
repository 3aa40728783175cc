import { createHttpApp } from '@askflash/service-kit';
import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BusyReadsInterceptor } from './busy-reads.interceptor';
import { ERROR_STATUSES } from './error-statuses';

let thrown: Error;

@Controller()
class ThrowingController {
  @Get()
  read(): never {
    throw thrown;
  }

  @Post()
  write(): never {
    throw thrown;
  }
}

@Module({ controllers: [ThrowingController] })
class ThrowingModule {}

describe('BusyReadsInterceptor', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await createHttpApp(ThrowingModule, {
      appName: 'throwing',
      level: 'silent',
      statuses: ERROR_STATUSES,
    });
    app.useGlobalInterceptors(new BusyReadsInterceptor());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  it.each([
    ['no connection of the pool is free', new Error('timeout exceeded when trying to connect')],
    ['PostgreSQL takes no more', Object.assign(new Error('too many'), { code: '53300' })],
    ['PostgreSQL is away', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
  ])('answers a read 503 where %s', async (_why, error) => {
    thrown = error;
    const { statusCode, headers, json } = await app.inject({ method: 'GET', url: '/' });
    expect([statusCode, headers['retry-after'], json().code]).toEqual([
      503,
      '1',
      'COORDINATOR_BUSY',
    ]);
  });

  it('leaves other errors as they are, and those of requests that write', async () => {
    thrown = new Error('no such column');
    expect((await app.inject({ method: 'GET', url: '/' })).statusCode).toBe(500);
    thrown = new Error('timeout exceeded when trying to connect');
    expect((await app.inject({ method: 'POST', url: '/' })).statusCode).toBe(500);
  });
});
