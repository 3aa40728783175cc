import { Redis } from 'ioredis';
import type { Attempt } from './attempt';

const TASK = 'task:{019a0b6e-7c2a-7c11-8d0e-1b2c3d4e5f60}';

async function send(url: string, command: readonly [string, ...string[]]): Promise<unknown> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined); // The call rejects too.
  try {
    await redis.connect();
    const [name, ...args] = command;
    return await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}

const attempts = (app: string, commands: readonly (readonly [string, ...string[]])[]): Attempt[] =>
  commands.map((command) => ({
    app,
    what: `sends ${command.join(' ')}`,
    run: (url) => send(url, command),
  }));

const DANGEROUS = [
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'dir', '/tmp'],
  ['SHUTDOWN', 'NOSAVE'],
  ['MONITOR'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'another', 'on', 'nopass', '+@all'],
  ['CLIENT', 'LIST'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['REPLICAOF', '127.0.0.1', '1'],
  ['SCRIPT', 'FLUSH'],
  ['FUNCTION', 'LIST'],
  ['SAVE'],
  ['SET', 'another', 'key'],
  ['GET', 'another'],
  ['EVAL', 'return redis.call("FLUSHALL")', '0'],
  ['EVAL', 'return redis.call("HGET", "another", "view")', '0'],
  ['EVAL', 'return redis.call("PUBLISH", "another", "x")', '0'],
  ['SUBSCRIBE', 'another'],
  ['PSUBSCRIBE', '*'],
  ['PUBLISH', 'another', 'x'],
] as const;

/** What Redis has to refuse with NOPERM. */
export const REDIS_ATTEMPTS: readonly Attempt[] = [
  ...['coordinator', 'health-monitor', 'verify'].flatMap((app) => attempts(app, DANGEROUS)),
  ...['intent', 'embedding', 'executor', 'moderator', 'websearch'].flatMap((agent) =>
    attempts(`${agent}-agent`, [
      ...DANGEROUS,
      ['DEL', TASK],
      ['ZADD', 'user:{ada}:tasks', '0', 'x'],
      ['ZREVRANGEBYLEX', 'user:{ada}:tasks', '+', '-'],
      ['EVAL', `return redis.call("DEL", "${TASK}")`, '1', TASK],
    ]),
  ),
  ...attempts('health-monitor', [
    ['HSET', TASK, 'view', '{}'],
    ['HGET', TASK, 'view'],
    ['DEL', TASK],
    ['SUBSCRIBE', `ai:progress:{${TASK}}`],
  ]),
];
