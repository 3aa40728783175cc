import { loadConfig } from './load-config';
import { APP_LOGIN, APP_LOGINS } from './logins';
import { DATABASE_URL, RABBITMQ_URL, REDIS_URL } from './shared-variables';

const SHAPE = {
  database: DATABASE_URL,
  redis: REDIS_URL,
  rabbitmq: RABBITMQ_URL,
  login: APP_LOGIN,
};

const load = (login: string | undefined, urls: Readonly<Record<string, string>> = {}) =>
  loadConfig(SHAPE, {
    DATABASE_URL: 'postgres://127.0.0.1:5432/askflashdb?sslmode=disable',
    REDIS_URL: 'redis://127.0.0.1:6379',
    RABBITMQ_URL: 'amqp://127.0.0.1:5672/askflash',
    APP_LOGIN: login,
    ...urls,
  });

describe('APP_LOGIN', () => {
  it('is filled in where a URL names no user', () => {
    expect(load('intent-agent:p@ss:word/')).toMatchObject({
      database:
        'postgres://intent-agent:p%40ss%3Aword%2F@127.0.0.1:5432/askflashdb?sslmode=disable',
      redis: 'redis://intent-agent:p%40ss%3Aword%2F@127.0.0.1:6379',
      rabbitmq: 'amqp://intent-agent:p%40ss%3Aword%2F@127.0.0.1:5672/askflash',
    });
  });

  it('is not where it does, nor where there is none', () => {
    const url = 'redis://:other@127.0.0.1:6379';
    expect(load('intent-agent:secret', { REDIS_URL: url }).redis).toBe(url);
    expect(load(undefined).redis).toBe('redis://127.0.0.1:6379');
  });

  it('is told of, and never shown, where it is none', () => {
    expect(() => load('hunter2')).toThrow('APP_LOGIN must be a user and a password');
    expect(() => load('hunter2')).not.toThrow(/hunter2/);
  });
});

describe('APP_LOGINS', () => {
  const read = (text: string) => loadConfig({ logins: APP_LOGINS }, { APP_LOGINS: text }).logins;

  it('has one login a line', () => {
    expect(read('coordinator:one\n\nintent-agent:two\n')).toEqual([
      { user: 'coordinator', password: 'one' },
      { user: 'intent-agent', password: 'two' },
    ]);
  });

  it('has no user twice', () => {
    expect(() => read('coordinator:one\ncoordinator:two')).toThrow('APP_LOGINS must be');
  });
});
