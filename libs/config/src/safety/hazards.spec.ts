import { createHash } from 'node:crypto';
import { apiKeysVariable } from '../api-keys';
import { APP_CONFIGS } from '../apps/all';
import { ConfigInvalidError } from '../errors';
import { loadConfig } from '../load-config';
import { DATABASE_URL, HTTP_CONFIG, RABBITMQ_URL, REDIS_URL } from '../shared-variables';
import { link } from '../variable';
import { endpointHazard, loginsHazard } from './hazards';

const PASSWORD = '3f9ac27be51d0846';

describe('a URL that is connected to', () => {
  it.each([
    'postgres://postgres:postgres@127.0.0.1/x',
    'redis://:askflash123@localhost:6379',
    'amqp://guest:guest@[::1]:5672',
    'http://model.localhost:11434/v1',
    'postgres:///x?host=/run/postgresql',
  ])('may be anything on this machine: %s', (url) => {
    expect(endpointHazard(url, {})).toBeUndefined();
  });

  it.each([
    `postgres://me:${PASSWORD}@db/x?sslmode=verify-full`,
    `rediss://:${PASSWORD}@cache:6380?cluster=true&node=other:6380`,
    `amqps://me:${PASSWORD}@broker`,
    `https://me:${PASSWORD}@broker:15671`,
    'https://models.test/v1',
  ])('may be of another machine where it is encrypted: %s', (url) => {
    expect(endpointHazard(url, {})).toBeUndefined();
  });

  it.each([
    [`postgres://me:${PASSWORD}@db/x`, '?sslmode=verify-full'],
    [`postgres://me:${PASSWORD}@db/x?sslmode=require`, '?sslmode=verify-full'],
    [
      `postgres://me:${PASSWORD}@db/x?sslmode=verify-full&sslmode=no-verify`,
      '?sslmode=verify-full',
    ],
    [`postgres://me:${PASSWORD}@localhost/x?host=db`, '?sslmode=verify-full'],
    [`redis://:${PASSWORD}@cache`, 'rediss://'],
    [`redis://:${PASSWORD}@localhost:1?cluster=true&node=other:2`, 'rediss://'],
    [`amqp://me:${PASSWORD}@10.0.0.7`, 'amqps://'],
    [`amqp://me:${PASSWORD}@127.evil.test`, 'amqps://'],
    ['http://models.test/v1', 'https://'],
  ])('is refused in plain text, %s, unless that is allowed', (url, remedy) => {
    expect(endpointHazard(url, {})).toContain(remedy);
    expect(endpointHazard(url, { ALLOW_PLAIN_TEXT: 'false' })).toContain('ALLOW_PLAIN_TEXT=true');
    expect(endpointHazard(url, { ALLOW_PLAIN_TEXT: 'true' })).toBeUndefined();
  });

  it('is refused where Node was told to check no certificate', () => {
    const unchecked = { NODE_TLS_REJECT_UNAUTHORIZED: '0', ALLOW_PLAIN_TEXT: 'true' };
    expect(endpointHazard('https://models.test', unchecked)).toContain('NODE_EXTRA_CA_CERTS');
  });

  it.each([
    'amqps://broker',
    'amqps://guest:guest@broker',
    'rediss://cache',
    'rediss://:askflash123@cache',
    'postgres://postgres:postgres@db/x?sslmode=verify-full',
    'postgres://me@db/x?sslmode=verify-full&password=short',
    'rediss://:please-change-me-0123456789@cache',
    'rediss://:aaaaaaaaaaaaaaaaaaaaaaaa@cache',
    'https://admin:%24%7BRABBITMQ_PASS%7D-0123456@broker:15671',
  ])('is refused with a password that others know or guess: %s', (url) => {
    expect(endpointHazard(url, {})).toContain('password');
    expect(endpointHazard(url, { ALLOW_PLAIN_TEXT: 'true' })).toContain('password');
    expect(endpointHazard(url, { ALLOW_DEFAULT_SECRETS: 'true' })).toBeUndefined();
  });
});

describe('loadConfig', () => {
  it('tells of everything unsafe at once, and never a value', () => {
    const load = () =>
      loadConfig(
        { DATABASE_URL, REDIS_URL, RABBITMQ_URL },
        {
          DATABASE_URL: `postgres://me:${PASSWORD}@db/x`,
          REDIS_URL: `redis://:${PASSWORD}@cache`,
          RABBITMQ_URL: 'amqps://me:hunter2@broker',
        },
      );
    expect(load).toThrow(ConfigInvalidError);
    expect(load).toThrow(/DATABASE_URL leads .* REDIS_URL leads .* RABBITMQ_URL logs in/);
    expect(load).not.toThrow(new RegExp(`${PASSWORD}|hunter2`));
  });

  it('asks nothing of a URL that is only told', () => {
    const page = { page: link('PAGE_URL', 'A page') };
    expect(loadConfig(page, { PAGE_URL: 'http://status.test' })).toEqual({
      page: 'http://status.test',
    });
  });

  it('lets an HTTP API be reached in plain text only where that is allowed', () => {
    const load = (environment: Record<string, string>) => loadConfig(HTTP_CONFIG, environment);
    for (const HTTP_HOST of ['0.0.0.0', '::']) {
      expect(() => load({ HTTP_HOST })).toThrow(/HTTP_HOST lets .* HTTP_TLS_CERT_FILE/);
      expect(load({ HTTP_HOST, ALLOW_PLAIN_TEXT: 'true' }).httpHost).toBe(HTTP_HOST);
      expect(load({ HTTP_HOST, HTTP_TLS_CERT_FILE: '/c', HTTP_TLS_KEY_FILE: '/k' })).toMatchObject({
        httpTlsCertFile: '/c',
        httpTlsKeyFile: '/k',
      });
    }
    expect(load({}).httpHost).toBe('127.0.0.1');
  });

  it('lets nobody in from outside by the key of development', () => {
    const keys = { keys: apiKeysVariable('KEYS', 'Keys') };
    const line = (key: string) => `web:admin:${createHash('sha256').update(key).digest('hex')}`;
    const load = (key: string, environment: Record<string, string>) =>
      loadConfig(keys, { KEYS: line(key), ...environment }).keys;
    expect(load('askflash_development', {})).toHaveLength(1);
    expect(load('askflash_3f9ac27be51d0846', { HTTP_HOST: '0.0.0.0' })).toHaveLength(1);
    for (const key of ['askflash_development', 'admin']) {
      expect(() => load(key, { HTTP_HOST: '0.0.0.0' })).toThrow(/npm run api-key/);
    }
  });
});

it('stands in the reference of every app, what lets an unsafe start pass', () => {
  for (const shape of Object.values(APP_CONFIGS)) {
    expect(Object.values(shape).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ALLOW_PLAIN_TEXT', 'ALLOW_DEFAULT_SECRETS']),
    );
  }
});

describe('the logins that jobs make users of', () => {
  const elsewhere = { DATABASE_URL: `postgres://me:${PASSWORD}@db/x?sslmode=verify-full` };
  const here = { DATABASE_URL: 'postgres://me:me@localhost/x' };
  const good = { user: 'coordinator', password: PASSWORD };
  const weak = { user: 'intent-agent', password: 'askflash_development' };

  it('have passwords of their own where the server is another machine', () => {
    expect(loginsHazard([good], elsewhere)).toBeUndefined();
    expect(loginsHazard([good, weak], elsewhere)).toContain('gives intent-agent a default');
    expect(loginsHazard([weak], { DATABASE_URL_FILE: '/run/secrets/url' })).toBeDefined();
    expect(loginsHazard([weak], { RABBITMQ_MANAGEMENT_URL: 'https://broker' })).toBeDefined();
  });

  it('may have any on this machine, and where that is allowed', () => {
    expect(loginsHazard([weak], here)).toBeUndefined();
    expect(loginsHazard([weak], {})).toBeUndefined();
    expect(loginsHazard([weak], { ...elsewhere, ALLOW_DEFAULT_SECRETS: 'true' })).toBeUndefined();
  });

  it('refuse the start of a job, which names nobody’s password', () => {
    const start = () =>
      loadConfig(APP_CONFIGS['migration-runner'], {
        ...elsewhere,
        APP_LOGINS: 'intent-agent:askflash_development',
      });
    expect(start).toThrow(ConfigInvalidError);
    expect(start).toThrow(/APP_LOGINS gives intent-agent/);
    expect(start).not.toThrow(/askflash_development/);
  });
});
