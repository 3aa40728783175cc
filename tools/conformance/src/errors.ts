import { BackboneError } from '@askflash/contracts';

/** The command line of conformance is wrong. */
export class ConformanceUsageError extends BackboneError {
  static override readonly code = 'CONFORMANCE_USAGE';
  static override readonly when =
    '`npm run conformance` lacks `--queue`, or is given an argument it does not know.';
  static override readonly remedy =
    'Use `npm run conformance -- --queue NAME [--stage NAME] [--request FILE] [--json] [-- COMMAND …]`.';
  static override readonly exit = 'usage';
}

/** Nothing tells which agent is to be tested, or how it is started. */
export class AgentUnknownError extends BackboneError {
  static override readonly code = 'AGENT_UNKNOWN';
  static override readonly when =
    'Conformance is asked to test a queue or a stage that is in no agent’s entry, or an agent that is not built.';
  static override readonly remedy =
    'Register the agent in libs/contracts/src/agent-registry.json, and build it or say after `--` how it is started.';
  static override readonly exit = 'usage';
}

/** The agent under test does not run. */
export class AgentGoneError extends BackboneError {
  static override readonly code = 'AGENT_GONE';
  static override readonly when =
    'The agent under test ended on its own, cannot be started, or does not consume its queue.';
  static override readonly remedy =
    'See what it said; it finds RabbitMQ in RABBITMQ_URL and Redis in REDIS_URL and REDIS_KEY_PREFIX.';
}

/** The agent does something else than it owes. */
export class ConformanceViolatedError extends BackboneError {
  static override readonly code = 'CONFORMANCE_VIOLATED';
  static override readonly when = 'An agent under test does something else than an agent owes.';
  static override readonly remedy =
    'Mend the agent; docs/other-languages.md says what it owes, docs/reference/contracts.md in which form.';
}

/** The agent does not do what it is asked to in `input.conformance`. */
export class DirectiveIgnoredError extends BackboneError {
  static override readonly code = 'DIRECTIVE_IGNORED';
  static override readonly when =
    'An agent under test does not heed `input.conformance`, so that a scenario cannot be played.';
  static override readonly remedy =
    'Let the agent heed it where AGENT_CONFORMANCE is `true`, as docs/other-languages.md says; agent-kit does by itself.';
}

/** The run was stopped from outside. */
export class ConformanceInterruptedError extends BackboneError {
  static override readonly code = 'CONFORMANCE_INTERRUPTED';
  static override readonly when = 'Ctrl-C or SIGTERM ended a conformance run.';
  static override readonly remedy = 'Nothing: the agent is stopped, and all that was made is gone.';
}
