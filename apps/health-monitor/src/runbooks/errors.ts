import { BackboneError } from '@askflash/contracts';

/** A runbook is asked for that there is none of. */
export class RunbookNotFoundError extends BackboneError {
  static override readonly code = 'RUNBOOK_NOT_FOUND';
  static override readonly when = 'A runbook is asked for by a name that none has.';
  static override readonly remedy = 'Choose one from the list at `/runbooks`.';

  constructor(readonly runbook: string) {
    super(`There is no runbook ${JSON.stringify(runbook)}`, { fields: { runbook } });
  }
}
