import { BackboneError } from '@askflash/contracts';

/** A scenario did not end in time. */
export class ScenarioTimedOutError extends BackboneError {
  static override readonly code = 'SCENARIO_TIMED_OUT';
  static override readonly when =
    'A scenario of `verify` or `conformance` did not end in the time it has.';
  static override readonly remedy =
    'See whether what it is about, a server or an agent, hangs or is overloaded, and look at its log.';

  constructor(title: string, timeoutMs: number) {
    super(`${title} did not end within ${timeoutMs} ms`, { fields: { title, timeoutMs } });
  }
}

/** Says which part of a scenario failed, and with what; never shown itself. */
export class PartFailure extends Error {
  constructor(
    readonly part: string,
    override readonly cause: unknown,
  ) {
    super(part);
  }
}
