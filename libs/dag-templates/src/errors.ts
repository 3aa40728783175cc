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
