import { joinPathFragments, type Tree } from '@nx/devkit';
import { MIGRATIONS, MIGRATION_LIST } from '../migration/generator';
import { refuse } from '../support/errors';
import { nameForms } from '../support/name-forms';
import { removeLines } from '../support/source-lines';

/** Takes a migration out that no database has had yet. */
export function removeMigration(tree: Tree, given: string): void {
  const { kebab, className } = nameForms(given, 'a migration');
  const file =
    tree.children(MIGRATIONS).find((child) => child.endsWith(`-${kebab}.ts`)) ??
    refuse(`There is no migration ${className}`, `See ${MIGRATIONS}`);
  const time = file.slice(0, file.indexOf('-'));
  tree.delete(joinPathFragments(MIGRATIONS, file));
  removeLines(tree, MIGRATION_LIST, (line) => line.includes(`${className}${time}`));
}
