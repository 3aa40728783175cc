import { BackboneError } from '@askflash/contracts';

/** Redis cannot be used at the moment. What was sent may have been carried out all the same. */
export class RedisUnavailableError extends BackboneError {
  static override readonly code = 'REDIS_UNAVAILABLE';
  static override readonly when =
    'Redis is not reachable, does not answer in time, or is in a state in which it takes no commands.';
  static override readonly remedy =
    'Go on with PostgreSQL, which holds the truth; the connection comes back by itself once Redis does.';

  constructor(readonly reason: string) {
    super(`Redis is not available: ${reason}`, { fields: { reason } });
  }
}

/** Redis answered, but not with what the library counts on. */
export class RedisReplyUnexpectedError extends BackboneError {
  static override readonly code = 'REDIS_REPLY_UNEXPECTED';
  static override readonly when =
    'Redis refuses a command that should be possible, or a script answers with an unknown code.';
  static override readonly remedy =
    'See that Redis is 7.0 or newer, and that nothing else writes the keys `task:{…}` and `user:{…}:tasks`.';
}

/** `REDIS_URL` cannot be used. */
export class RedisUrlInvalidError extends BackboneError {
  static override readonly code = 'REDIS_URL_INVALID';
  static override readonly when = 'The URL of Redis is not a redis:// or rediss:// URL.';
  static override readonly remedy =
    'Write redis://[user]:password@host:port[/database], with ?cluster=true for a Redis Cluster.';
}

/** A key prefix would part the keys of one task. */
export class RedisKeyPrefixInvalidError extends BackboneError {
  static override readonly code = 'REDIS_KEY_PREFIX_INVALID';
  static override readonly when =
    'A key prefix holds a brace, which would change the cluster slot that keys belong to.';
  static override readonly remedy = 'Take a prefix without { and }.';
}

/** A view and its events do not belong together. */
export class TaskEventsInvalidError extends BackboneError {
  static override readonly code = 'TASK_EVENTS_INVALID';
  static override readonly when =
    'The events handed over with a view are not consecutive, or do not end at the view’s event number.';
  static override readonly remedy =
    'Hand over the view as it is after the last of the events, and every event that led to it.';
}

/** A place in a progress stream was asked for that cannot be one. */
export class StreamIdInvalidError extends BackboneError {
  static override readonly code = 'STREAM_ID_INVALID';
  static override readonly when = 'The id to replay from is not of the form `<seq>-<number>`.';
  static override readonly remedy =
    'Take an id as the stream gave it, or none to start at the beginning.';
}
