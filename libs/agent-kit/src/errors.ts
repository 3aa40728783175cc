import { BackboneError, type BackboneErrorOptions } from '@askflash/contracts';

/** Thrown by a stage's handler: another attempt cannot help, so the stage fails for good. */
export class NonRetryableError extends BackboneError {
  static override readonly code = 'STAGE_NOT_RETRYABLE';
  static override readonly when =
    'A handler says that no further attempt of its stage can succeed.';
  static override readonly remedy = 'Mend what the message names, then hand the task in again.';
}

/** Thrown by a stage's handler: the next attempt is to wait this long. */
export class RetryLaterError extends BackboneError {
  static override readonly code = 'STAGE_RETRY_LATER';
  static override readonly when = 'A handler asks for its next attempt to wait.';
  static override readonly remedy =
    'Nothing, while the stage has attempts left; else raise its retry limit or mend what it waits for.';

  constructor(
    /** In milliseconds. */
    readonly afterMs: number,
    message = `Try again in ${afterMs} ms`,
    options: BackboneErrorOptions = {},
  ) {
    super(message, { ...options, fields: { ...options.fields, afterMs } });
  }
}

/** The stage ran longer than its template allows. */
export class StageTimeoutError extends BackboneError {
  static override readonly code = 'STAGE_TIMEOUT';
  static override readonly when = 'A handler was still at work when its stage’s time was over.';
  static override readonly remedy =
    'Heed `context.signal`, or raise the stage’s `timeoutMs` in a new version of the template.';
}

/** A conformance run asked for a failure. */
export class StageConformanceFailureError extends BackboneError {
  static override readonly code = 'STAGE_CONFORMANCE_FAILURE';
  static override readonly when =
    'A request says `input.conformance`, and the agent is started with AGENT_CONFORMANCE=true.';
  static override readonly remedy =
    'Nothing in a conformance run; start agents of a real stack without AGENT_CONFORMANCE.';
}

/** The work lay in the queue past its deadline. */
export class StageExpiredError extends BackboneError {
  static override readonly code = 'STAGE_EXPIRED';
  static override readonly when =
    'An agent got its work only after the coordinator had given it up.';
  static override readonly remedy =
    'Run more instances of the agent, or raise the stage’s `timeoutMs`; check the clocks if the queue was short.';
}

/** Nobody waits for the attempt any more. */
export class StageUnwantedError extends BackboneError {
  static override readonly code = 'STAGE_UNWANTED';
  static override readonly when =
    'The task ended, or went on without this attempt, while an agent was at it; `context.signal` is aborted with it.';
  static override readonly remedy =
    'Nothing: the attempt is not counted as failed, and what it would report is ignored.';
}

/** The instance is shutting down and its grace period is over. */
export class AgentStoppingError extends BackboneError {
  static override readonly code = 'AGENT_STOPPING';
  static override readonly when = 'An agent was told to stop and its stage did not end in time.';
  static override readonly remedy =
    'Nothing: the work goes back to the queue and another instance takes it.';
}

/** A handler returned something else than its `@Stage` promises. */
export class StageOutputInvalidError extends BackboneError {
  static override readonly code = 'STAGE_OUTPUT_INVALID';
  static override readonly when =
    'What a handler returned does not match the output schema of its `@Stage`.';
  static override readonly remedy = 'Mend the handler, or the schema it declares.';
}

/** The request does not match what the handler's `@Stage` takes. */
export class StageInputInvalidError extends BackboneError {
  static override readonly code = 'STAGE_INPUT_INVALID';
  static override readonly when =
    'A request does not match the input schema of the `@Stage` it is for.';
  static override readonly remedy =
    'Give the task the input its template needs, or mend the schema of the `@Stage`.';
}

/** The module's `@Agent` and `@Stage` decorators do not fit the registry. */
export class AgentDefinitionInvalidError extends BackboneError {
  static override readonly code = 'AGENT_DEFINITION_INVALID';
  static override readonly when =
    'At start: a stage of the agent has no handler, two handlers, or a handler is for a stage the registry does not know.';
  static override readonly remedy =
    'Add, move or remove the decorator it names; the registry is AGENTS of @askflash/contracts.';
}
