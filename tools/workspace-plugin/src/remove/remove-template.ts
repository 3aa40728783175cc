import { joinPathFragments, names, type Tree } from '@nx/devkit';
import { refuse } from '../support/errors';
import { nameForms } from '../support/name-forms';
import { TEMPLATES_FOLDER, templateNames, templatePath } from '../support/task-templates';
import { unlistTemplate } from '../template/listed-templates';

/** Takes a default template out, with its test. */
export function removeTemplate(tree: Tree, given: string): void {
  const { snake, kebab } = nameForms(given, 'a template');
  if (!templateNames(tree).includes(snake)) {
    refuse(`There is no template ${snake}`, `Take one of ${templateNames(tree).join(', ')}`);
  }
  tree.delete(templatePath(snake));
  tree.delete(joinPathFragments(TEMPLATES_FOLDER, `${snake}.spec.ts`));
  unlistTemplate(tree, { name: snake, variable: names(kebab).propertyName });
}
