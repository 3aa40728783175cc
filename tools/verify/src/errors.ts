import { BackboneError } from '@askflash/contracts';

/** The command line of verify is wrong. */
export class VerifyUsageError extends BackboneError {
  static override readonly code = 'VERIFY_USAGE';
  static override readonly when = '`npm run verify` is given an argument it does not know.';
  static override readonly remedy = 'Use `npm run verify`, or `npm run verify -- --json`.';
  static override readonly exit = 'usage';
}

/** Tables or views are missing. */
export class RelationsMissingError extends BackboneError {
  static override readonly code = 'RELATIONS_MISSING';
  static override readonly when = 'The database lacks tables or views of the backbone.';
  static override readonly remedy =
    'Run `migration-runner validate`, then `migration-runner up`; a table that was dropped by hand has to be restored from a backup.';

  constructor(readonly missing: readonly string[]) {
    super(`The database lacks ${missing.join(', ')}`, { fields: { missing } });
  }
}

/** Default templates are missing. */
export class TemplatesMissingError extends BackboneError {
  static override readonly code = 'TEMPLATES_MISSING';
  static override readonly when = 'The database lacks an active version of a default template.';
  static override readonly remedy =
    'Run `migration-runner up`, which puts default templates in that are not there; one that was deactivated has to be activated again.';

  constructor(readonly missing: readonly string[]) {
    super(`No active version of template ${missing.join(', ')}`, { fields: { missing } });
  }
}

/** Redis cannot be used at all. */
export class RedisUnreachableError extends BackboneError {
  static override readonly code = 'REDIS_UNREACHABLE';
  static override readonly when = 'Redis does not answer verify, or refuses its password.';
  static override readonly remedy =
    'See that Redis runs and that REDIS_URL is right, password included; `npm start` starts one.';
  static override readonly exit = 'unavailable';
}

/** Redis lacks something the backbone needs. */
export class RedisUnsuitableError extends BackboneError {
  static override readonly code = 'REDIS_UNSUITABLE';
  static override readonly when = 'Redis is too old, or does not do what the backbone needs of it.';
  static override readonly remedy =
    'Point REDIS_URL at a Redis of version 7.0 or newer that runs with infrastructure/redis/redis.conf.';
}

/** A queue has consumers and none answers. */
export class QueueUnansweredError extends BackboneError {
  static override readonly code = 'QUEUE_UNANSWERED';
  static override readonly when =
    'A message sent through a queue was not answered by its consumer.';
  static override readonly remedy =
    'Look at the log of the agent that consumes the queue: it hangs, or has more work than it can do.';

  constructor(queue: string, stage: string, cause: unknown) {
    super(`Stage ${stage}: the message through ${queue} came to nothing`, {
      fields: { queue, stage },
      cause,
    });
  }
}

/** Progress did not come out of Redis as it was put in. */
export class ProgressLostError extends BackboneError {
  static override readonly code = 'PROGRESS_LOST';
  static override readonly when =
    'A progress entry was not seen live by its subscriber, or not replayed afterwards.';
  static override readonly remedy =
    'See that Redis is not out of memory, and that no proxy in front of it cuts pub/sub.';
}

/** The final response was not seen. */
export class ResponseLostError extends BackboneError {
  static override readonly code = 'RESPONSE_LOST';
  static override readonly when = 'A final response was sent and not seen on `mcp.responses`.';
  static override readonly remedy =
    'Run `queue-init check`; see whether something else consumes `mcp.responses`.';

  constructor(readonly taskId: string) {
    super(`The response of task ${taskId} did not come to mcp.responses`, { fields: { taskId } });
  }
}

/** A store holds another state than was written. */
export class StateMismatchError extends BackboneError {
  static override readonly code = 'STATE_MISMATCH';
  static override readonly when =
    'PostgreSQL or Redis holds another state of a task than was written to it.';
  static override readonly remedy =
    'See that DATABASE_URL and REDIS_URL name the stack’s own servers, and that Redis evicts nothing (memory).';

  constructor(store: 'PostgreSQL' | 'Redis', expected: string, found: string) {
    super(`${store} says ${found} instead of ${expected}`, { fields: { store, expected, found } });
  }
}

/** A stage of a trial task cannot be worked off. */
export class StageRefusedError extends BackboneError {
  static override readonly code = 'STAGE_REFUSED';
  static override readonly when =
    'A template has a stage that no agent works off, or a stage’s result was not taken.';
  static override readonly remedy =
    'Put the template right (a new version of it), or register the agent of the stage.';

  constructor(stage: string, reason: string) {
    super(`Stage ${stage}: ${reason}`, { fields: { stage, reason } });
  }
}
