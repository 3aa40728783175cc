import { BackboneError } from '@askflash/contracts';

/** An option of a command has a value it cannot have. */
export class OptionInvalidError extends BackboneError {
  static override readonly code = 'OPTION_INVALID';
  static override readonly when = 'An option of a command line has a value it cannot have.';
  static override readonly remedy = 'The command’s `--help` says what may stand there.';
  static override readonly exit = 'usage';

  constructor(option: string, allowed: string) {
    super(`${option} must be ${allowed}`, { fields: { option } });
  }
}
