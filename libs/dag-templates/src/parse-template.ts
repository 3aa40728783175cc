import { TemplateInvalidError } from './errors';
import type { TaskTemplate } from './template';
import { validateTemplate } from './validate';

/**
 * Returns a candidate as a template, with its defaults filled in.
 *
 * @throws {TemplateInvalidError} with every problem `validateTemplate` finds
 */
export function parseTemplate(
  candidate: unknown,
  known?: { readonly stages: readonly string[] },
): TaskTemplate {
  const validation = validateTemplate(candidate, known);
  if (!validation.ok) throw new TemplateInvalidError(validation.problems);
  return validation.template;
}
