import { BackboneError } from '@askflash/contracts';

/** One variable that cannot be used, told without its value. */
export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

/** The environment lacks a variable or holds a bad one. */
export class ConfigInvalidError extends BackboneError {
  static override readonly code = 'CONFIG_INVALID';
  static override readonly when =
    'A variable an app needs is missing, or its value is not allowed; checked once, at start.';
  static override readonly remedy =
    'Set the variables it names as docs/reference/env.md says; `npm start` writes them to .local/stack.json.';
  static override readonly exit = 'config';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, problem }) => `${variable} ${problem}`).join('; '), {
      fields: { problems },
    });
  }
}
