import type { ExitCodeName } from './exit-codes';

/** What an error of the backbone carries besides its message. */
export interface BackboneErrorOptions {
  /** Ids, names and figures that tell this case from others; never a secret. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Base of every error the backbone throws. A subclass is named `<Subject><Problem>Error` and states
 * its code, when it is thrown and what mends it, as static members: the error reference is
 * generated from them.
 */
export abstract class BackboneError extends Error {
  /** Stable, machine-readable: `TASK_NOT_FOUND`. */
  static readonly code: string;
  /** When it is thrown, as one sentence of the reference. */
  static readonly when: string;
  /** What the reader does about it, as one sentence. */
  static readonly remedy: string;
  /** How a command that fails with it ends: `unavailable`, `config`, `conflict` … */
  static readonly exit: ExitCodeName = 'failure';

  readonly code: string;
  readonly remedy: string;
  readonly exit: ExitCodeName;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(message: string, options: BackboneErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = new.target.code;
    this.remedy = new.target.remedy;
    this.exit = new.target.exit;
    this.fields = options.fields ?? {};
  }
}

/** A payload does not match the contract it claims. */
export class ContractViolationError extends BackboneError {
  static override readonly code = 'CONTRACT_VIOLATION';
  static override readonly when = 'A message does not match the schema of the contract it names.';
  static override readonly remedy =
    'Compare the payload with the contract’s schema; a changed shape needs a new version.';
}
