import { BackboneError } from '@askflash/contracts';

/** The command line of chaos is wrong. */
export class ChaosUsageError extends BackboneError {
  static override readonly code = 'CHAOS_USAGE';
  static override readonly when = '`npm run chaos` is given an argument it does not know.';
  static override readonly remedy =
    'Use `npm run chaos -- [--minutes N | --clusters] [--seed N] [--rate N] [--patience SECONDS] [--plan] [--previous FOLDER]`.';
  static override readonly exit = 'usage';
}

/** What a run needs to begin with does not work, before anything was harmed. */
export class ChaosRigBrokenError extends BackboneError {
  static override readonly code = 'CHAOS_RIG_BROKEN';
  static override readonly when = 'The servers or apps of a chaos run refuse what it asks of them.';
  static override readonly remedy =
    'See what it says, and the logs in the folder of the run; `npm run verify` tells more on a stack that runs.';
}
