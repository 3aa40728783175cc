import { BackboneError } from '@askflash/contracts';
import type { TemplateProblem } from './validate';

/** A template cannot run. */
export class TemplateInvalidError extends BackboneError {
  static override readonly code = 'TEMPLATE_INVALID';
  static override readonly when =
    'A template has the wrong shape, or its stages do not make a DAG that can run.';
  static override readonly remedy =
    'Mend what each problem names at its path; docs/reference/templates.md shows templates that run.';

  constructor(readonly problems: readonly TemplateProblem[]) {
    super(
      `The template cannot run: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
      { fields: { problems } },
    );
  }
}

/** A task cannot be repeated from the stage asked for. */
export class RetryStageInvalidError extends BackboneError {
  static override readonly code = 'RETRY_STAGE_INVALID';
  static override readonly when =
    'A task is to be repeated from a stage that it does not have, or that it never got to.';
  static override readonly remedy =
    'Name a stage whose `dependsOn` were all completed or skipped; without a stage the task is repeated from the one that failed.';

  /** The task has no such stage. */
  static unknown(stage: string, known: readonly string[]): RetryStageInvalidError {
    const message = `The task has no stage ${stage}; it has ${known.join(', ')}`;
    return new RetryStageInvalidError(message, { fields: { stage, known } });
  }

  /** Stages before it have no output to go on from. */
  static tooFar(stage: string, missing: readonly string[]): RetryStageInvalidError {
    const message = `The task cannot go on from ${stage}: there is no output of ${missing.join(', ')}`;
    return new RetryStageInvalidError(message, { fields: { stage, missing } });
  }
}
