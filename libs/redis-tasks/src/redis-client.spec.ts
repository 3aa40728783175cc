import { RedisUrlInvalidError } from './errors';
import { connectionOptions } from './redis-client';

describe('connectionOptions', () => {
  it('leaves an ordinary URL to ioredis', () => {
    const url = 'rediss://user:pass@redis.example:6380/2';
    expect(connectionOptions(url)).toMatchObject({ type: 'single', url });
  });

  it('names the server in the handshake of TLS, however the scheme is written', () => {
    const tls = { servername: 'redis.example' };
    for (const url of ['rediss://redis.example', 'REDISS://redis.example']) {
      expect(connectionOptions(url)).toMatchObject({ options: { tls } });
    }
    expect(connectionOptions('rediss://10.0.0.7')).toMatchObject({ options: { tls: {} } });
    expect(connectionOptions('redis://redis.example')).not.toHaveProperty('options.tls');
  });

  it('reads nodes and credentials of a cluster', () => {
    expect(
      connectionOptions('rediss://me:p%40ss@one:7000?cluster=true&node=two:7001&node=[::1]:7002'),
    ).toMatchObject({
      type: 'cluster',
      nodes: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 7001 },
        { host: '::1', port: 7002 },
      ],
      options: { redisOptions: { username: 'me', password: 'p@ss', tls: {} } },
    });
  });

  it('takes the standard port where none is named', () => {
    expect(connectionOptions('redis://one?cluster=true&node=two')).toMatchObject({
      nodes: [
        { host: 'one', port: 6379 },
        { host: 'two', port: 6379 },
      ],
    });
  });

  it.each([
    '',
    'redis',
    'http://me:hunter2@one:6379',
    'redis://',
    'redis://me:hunter2@one:port',
    'redis://me:hunter2%ff@one:6379',
    'redis://me:hunter2@one:7000?cluster=true&node=two:hunter2',
  ])('refuses %j without repeating it', (url) => {
    expect(() => connectionOptions(url)).toThrow(RedisUrlInvalidError);
    try {
      connectionOptions(url);
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
    }
  });
});
