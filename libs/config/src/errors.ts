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

/** The file in which a running stack tells its variables cannot be used. */
export class StackFileInvalidError extends BackboneError {
  static override readonly code = 'STACK_FILE_INVALID';
  static override readonly when =
    'The file that tells the running stack’s variables is unreadable or not of the form {"env": {…}}.';
  static override readonly remedy =
    'Run `npm stop` and `npm start`, which write it anew, or set ASKFLASH_STACK_FILE to nothing and every variable yourself.';
  static override readonly exit = 'config';

  /** Its cause is left out: it would quote the file, which holds credentials. */
  constructor(path: string) {
    super(`${path} is not of the form {"env": {…}}`, { fields: { path } });
  }
}
