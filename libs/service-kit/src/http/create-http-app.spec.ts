import { BackboneError } from '@askflash/contracts';
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Post,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Counter, Registry } from 'prom-client';
import { HealthChecks } from '../health/health-checks';
import { HealthModule } from '../health/health.module';
import { MetricsModule } from '../metrics/metrics.module';
import { createHttpApp } from './create-http-app';
import { MAX_BODY_DEPTH } from './limit-depth';
import { BODY_LIMIT_BYTES } from './server-limits';

class ThingNotFoundError extends BackboneError {
  static override readonly code = 'THING_NOT_FOUND';
  static override readonly remedy = 'Ask for another.';
}
class ThingBrokenError extends BackboneError {
  static override readonly code = 'THING_BROKEN';
  static override readonly remedy = 'Mend it.';
}

class ThingBusyError extends BackboneError {
  static override readonly code = 'THING_BUSY';
  static override readonly remedy = 'Wait.';
}

@Injectable()
class Dependency {
  up = true;
  asked = 0;

  async ping() {
    this.asked += 1;
    if (!this.up) throw new ThingBrokenError('The thing does not answer');
    return { version: '1' };
  }
}

@Module({ providers: [Dependency], exports: [Dependency] })
class DependencyModule {}

@Controller('things')
class ThingsController {
  private readonly asked: Counter;

  constructor(@Inject(Registry) registry: Registry) {
    this.asked = new Counter({ name: 'asked_total', help: 'Asked', registers: [registry] });
  }

  @Get('missing')
  missing() {
    this.asked.inc();
    throw new ThingNotFoundError('No thing 7', { fields: { id: 7 } });
  }

  @Get('broken')
  broken() {
    throw new ThingBrokenError('It broke');
  }

  @Get('busy')
  busy() {
    throw new ThingBusyError('Not now', { fields: { retryAfterSeconds: 7 } });
  }

  @Get('unforeseen')
  unforeseen() {
    throw new TypeError('secret internals');
  }

  @Get('invalid')
  invalid() {
    throw new BadRequestException({
      message: 'Validation failed',
      errors: [{ path: ['stages', 0, 'name'], message: 'must be text' }],
    });
  }

  @Post()
  create(@Body() body: unknown) {
    return body;
  }
}

@Module({
  imports: [
    MetricsModule.register({ appName: 'things' }),
    HealthModule.registerAsync({
      imports: [DependencyModule],
      inject: [Dependency],
      useFactory: (dependency: Dependency) => ({
        checks: [{ name: 'dependency', check: () => dependency.ping() }],
      }),
    }),
    DependencyModule,
  ],
  controllers: [ThingsController],
})
class ThingsModule {}

describe('createHttpApp', () => {
  let app: NestFastifyApplication;
  const lines: string[] = [];

  beforeAll(async () => {
    app = await createHttpApp(ThingsModule, {
      appName: 'things',
      level: 'info',
      destination: { write: (line: string) => lines.push(line) },
      statuses: { [ThingNotFoundError.code]: 404, [ThingBusyError.code]: 503 },
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const get = (url: string) => app.inject({ method: 'GET', url });

  it('answers an error of the backbone as a problem with the status of its code', async () => {
    const response = await get('/things/missing');
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toEqual({
      type: 'urn:askflash:error:THING_NOT_FOUND',
      title: 'Thing not found',
      status: 404,
      detail: 'No thing 7',
      code: 'THING_NOT_FOUND',
      remedy: 'Ask for another.',
      fields: { id: 7 },
    });
  });

  it('answers one that is not listed with 500', async () => {
    const response = await get('/things/broken');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'THING_BROKEN', detail: 'It broke' });
  });

  it('says when to come back where it is busy, and does not take that for a fault', async () => {
    lines.length = 0;
    const response = await get('/things/busy');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '7']);
    expect(lines.filter((line) => line.includes('ThingBusyError'))).toEqual([]);
    expect((await get('/things/missing')).headers).not.toHaveProperty('retry-after');
  });

  it('tells nothing of an error that nobody foresaw', async () => {
    const response = await get('/things/unforeseen');
    expect(response.json()).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(response.body).not.toContain('secret internals');
  });

  it('answers what is wrong where with a bad request', async () => {
    expect((await get('/things/invalid')).json()).toMatchObject({
      type: 'about:blank',
      status: 400,
      code: 'BAD_REQUEST',
      detail: 'Validation failed',
      fields: { 'stages.0.name': 'must be text' },
    });
  });

  it.each([
    ['an unknown path', { method: 'GET', url: '/nowhere' }, 404, 'NOT_FOUND'],
    [
      'a body that is no JSON',
      {
        method: 'POST',
        url: '/things',
        headers: { 'content-type': 'application/json' },
        payload: '{"a":',
      },
      400,
      'BAD_REQUEST',
    ],
    [
      'a body over the limit',
      { method: 'POST', url: '/things', payload: { text: 'x'.repeat(BODY_LIMIT_BYTES) } },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'a body that is nested too deep',
      {
        method: 'POST',
        url: '/things',
        headers: { 'content-type': 'application/json' },
        payload: `${'['.repeat(MAX_BODY_DEPTH + 1)}${']'.repeat(MAX_BODY_DEPTH + 1)}`,
      },
      400,
      'BAD_REQUEST',
    ],
    ['a path that is none', { method: 'GET', url: '/%ff' }, 400, 'BAD_REQUEST'],
  ] as const)('answers %s as a problem', async (_what, request, status, code) => {
    const response = await app.inject(request);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status, code, type: 'about:blank' });
  });

  it('takes a body nested as deep as it may be', async () => {
    const payload = `${'['.repeat(MAX_BODY_DEPTH)}${']'.repeat(MAX_BODY_DEPTH)}`;
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', url: '/things', headers, payload } as const;
    expect((await app.inject(request)).statusCode).toBe(201);
  });

  it('takes a body within the limit', async () => {
    const payload = { text: 'x'.repeat(BODY_LIMIT_BYTES - 100) };
    expect((await app.inject({ method: 'POST', url: '/things', payload })).statusCode).toBe(201);
  });

  it('says that it is live, and ready or why not', async () => {
    const dependency = app.get(Dependency, { strict: false });
    expect((await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect((await get('/health/ready')).json()).toMatchObject({
      status: 'ok',
      checks: { dependency: { status: 'up', detail: { version: '1' } } },
    });
    dependency.up = false;
    const response = await get('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({
      status: 'error',
      checks: {
        dependency: { status: 'down', reason: 'The thing does not answer', remedy: 'Mend it.' },
      },
    });
    expect((await get('/health/live')).statusCode).toBe(200);
    dependency.up = true;
  });

  it('checks once for all who ask at the same time', async () => {
    const dependency = app.get(Dependency, { strict: false });
    const before = dependency.asked;
    await Promise.all([get('/health/ready'), get('/health/ready'), get('/health/ready')]);
    expect(dependency.asked - before).toBeLessThan(3);
  });

  it('serves its own metrics and the default ones', async () => {
    await get('/things/missing');
    const response = await get('/metrics');
    expect(response.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(response.body).toMatch(/^asked_total\{app="things"\} [1-9]/m);
    expect(response.body).toMatch(/^process_resident_memory_bytes\{app="things"\} \d+/m);
  });

  it('logs requests without query and headers, and none for health and metrics', async () => {
    lines.length = 0;
    await app.inject({
      method: 'GET',
      url: '/things/missing?q=hunter1',
      headers: { authorization: 'Bearer hunter2' },
    });
    await get('/health/ready');
    await get('/metrics');
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged).toEqual([
      expect.objectContaining({
        level: 'warn',
        app: 'things',
        req: expect.objectContaining({ method: 'GET', path: '/things/missing' }),
        res: { statusCode: 404 },
      }),
    ]);
    expect(lines.join('')).not.toMatch(/hunter/);
  });

  it('is not ready while it stops', async () => {
    const checks = app.get(HealthChecks, { strict: false });
    checks.beforeApplicationShutdown();
    expect((await checks.run()).checks['service']).toMatchObject({ status: 'down' });
  });
});
