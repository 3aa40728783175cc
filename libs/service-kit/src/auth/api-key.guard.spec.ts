import { apiKeysVariable, loadConfig } from '@askflash/config';
import {
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  Post,
  type CanActivate,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '../http/create-http-app';
import { makeApiKey } from './api-keys';
import { AuthModule } from './auth.module';
import { callerOf, type Caller } from './caller';
import { CurrentKey } from './current-key.decorator';
import { AUTH_ERROR_STATUSES } from './errors';
import { AllowRoles } from './roles';

const KEYS = {
  admin: makeApiKey({ name: 'ops', role: 'admin' }),
  read: makeApiKey({ name: 'viewer', role: 'read' }),
  submit: makeApiKey({ name: 'web', role: 'submit' }),
};
const { apiKeys } = loadConfig(
  { apiKeys: apiKeysVariable('KEYS', 'Keys') },
  {
    KEYS: Object.values(KEYS)
      .map(({ line }) => line)
      .join('\n'),
  },
);

const seen: (Caller | undefined)[] = [];

@Injectable()
class LaterGuard implements CanActivate {
  canActivate(context: Parameters<CanActivate['canActivate']>[0]): boolean {
    seen.push(callerOf(context.switchToHttp().getRequest()));
    return true;
  }
}

@Controller()
class ThingsController {
  @Get('things')
  look(@CurrentKey() { name }: Caller) {
    return { name };
  }

  @Post('things')
  @HttpCode(200)
  change() {
    return {};
  }

  @Post('orders')
  @AllowRoles('submit')
  @HttpCode(200)
  order() {
    return {};
  }

  @Get('metrics')
  metrics() {
    return {};
  }
}

@Module({
  imports: [AuthModule.register({ apiKeys }, LaterGuard)],
  controllers: [ThingsController],
})
class ThingsModule {}

describe('ApiKeyGuard', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await createHttpApp(ThingsModule, {
      appName: 'things',
      level: 'silent',
      statuses: AUTH_ERROR_STATUSES,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const bearer = (as: keyof typeof KEYS) => `Bearer ${KEYS[as].key}`;
  const basic = (as: keyof typeof KEYS) => `Basic ${btoa(`me:${KEYS[as].key}`)}`;
  const call = (method: 'GET' | 'POST', url: string, headers: Record<string, string> = {}) =>
    app.inject({ method, url, headers });

  it.each([
    ['GET', 'things', 'read', 200],
    ['GET', 'things', 'submit', 403],
    ['GET', 'things', 'admin', 200],
    ['POST', 'things', 'read', 403],
    ['POST', 'things', 'admin', 200],
    ['POST', 'orders', 'read', 403],
    ['POST', 'orders', 'submit', 200],
    ['POST', 'orders', 'admin', 200],
  ] as const)('%s /%s with the role %s gives %i', async (method, path, role, status) => {
    const response = await call(method, `/${path}`, { authorization: bearer(role) });
    expect(response.statusCode).toBe(status);
  });

  it('leaves what machinery asks for open', async () => {
    expect((await call('GET', '/metrics')).statusCode).toBe(200);
  });

  it('asks later guards after the key', async () => {
    seen.length = 0;
    await call('GET', '/things', { authorization: bearer('read') });
    expect(seen).toEqual([{ name: 'viewer', role: 'read' }]);
  });

  it('tells a browser to ask for the key, and takes it as password', async () => {
    const page = { accept: 'text/html' };
    const refused = await call('GET', '/things', page);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['www-authenticate']).toEqual([
      'Bearer',
      'Basic realm="askflash", charset="UTF-8"',
    ]);
    const allowed = await call('GET', '/things', { ...page, authorization: basic('read') });
    expect(allowed.json()).toEqual({ name: 'viewer' });
    expect((await call('GET', '/things')).headers['www-authenticate']).toEqual(['Bearer']);
  });

  it('takes no password for what changes something: another site could have made the browser send it', async () => {
    const response = await call('POST', '/things', { authorization: basic('admin') });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'KEY_MISSING' });
  });
});
