import { AGENTS } from '@askflash/contracts';

/** What one app may do in Redis. */
export interface RedisUser {
  /** The app's name. */
  readonly name: string;
  readonly description: string;
  /** Patterns of keys and channels, as Redis writes them; keys without `REDIS_KEY_PREFIX`. */
  readonly keys: readonly string[];
  readonly channels: readonly string[];
  readonly commands: readonly string[];
}

/** A connection's own, the ready check of the client, and the map of a cluster; nothing dangerous. */
const CONNECT = [
  ...['+@connection', '-@dangerous', '+info', '+readonly'],
  ...['+cluster|slots', '+cluster|shards', '+cluster|nodes', '+cluster|info'],
];
/** Scripts are no way around: each command in one is checked by the same rules. */
const SCRIPTS = ['+evalsha', '+eval'];
const LISTEN = ['+subscribe', '+unsubscribe'];
const PROGRESS = ['+hmget', '+hget', '+xrange', '+xrevrange', '+xadd', '+hset', '+expire', '+time'];
const VIEWS = ['+exists', '+del', '+unlink', '+xsetid', '+publish'];
const HISTORY = ['+zadd', '+zremrangebyrank', '+zrem', '+zrevrangebylex'];

const COORDINATOR = {
  keys: ['~task:{*', '~user:{*'],
  channels: ['&ai:progress:{*'],
  commands: [...CONNECT, ...SCRIPTS, ...LISTEN, ...PROGRESS, ...VIEWS, ...HISTORY],
};

/** Every user but `default`, the administrator. */
export const REDIS_USERS: readonly RedisUser[] = [
  {
    name: 'coordinator',
    description: 'Keeps the views of tasks and their history',
    ...COORDINATOR,
  },
  {
    name: 'health-monitor',
    description: 'Sees whether tasks have a view, and how Redis is',
    keys: ['%R~task:{*'],
    channels: [],
    commands: [...CONNECT, '+exists'],
  },
  ...AGENTS.map(({ name }) => ({
    name: `${name}-agent`,
    description: 'Appends progress to tasks and hears whether they have ended',
    keys: ['~task:{*'],
    channels: ['&ai:progress:{*'],
    commands: [...CONNECT, ...SCRIPTS, ...LISTEN, ...PROGRESS, '+publish'],
  })),
  {
    name: 'verify',
    description: 'Does to tasks of its own what the coordinator and agents do',
    keys: [...COORDINATOR.keys, '~verify:*'],
    channels: [...COORDINATOR.channels, '&verify:*'],
    commands: COORDINATOR.commands,
  },
];

/** A user as a line of `redis.conf`, whose password is yet to be filled in. */
export function redisUserLine({ name, keys, channels, commands }: RedisUser): string {
  return ['user', name, 'on', '>PASSWORD', ...keys, ...channels, ...commands].join(' ');
}
