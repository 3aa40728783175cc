import {
  addToList,
  nameMigration,
  renderMigration,
} from '@askflash/typeorm-entities/migration-source';
import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { refuse } from '../support/errors';
import { nameForms } from '../support/name-forms';
import { readText } from '../support/source-lines';

export const MIGRATIONS = 'libs/typeorm-entities/src/migrations';
export const MIGRATION_LIST = joinPathFragments(MIGRATIONS, 'all.ts');

/** As `schema.json` has it. */
export interface MigrationGeneratorOptions {
  name: string;
}

/**
 * Makes a migration without statements behind the last one, named for what it does and for now.
 *
 * @throws {GeneratorRefusedError} where one of that name is there already
 */
export default async function migrationGenerator(
  tree: Tree,
  options: MigrationGeneratorOptions,
): Promise<void> {
  const { className: name, kebab } = nameForms(options.name, 'a migration');
  const same = tree.children(MIGRATIONS).find((file) => file.endsWith(`-${kebab}.ts`));
  if (same) refuse(`There is a migration ${same} already`, 'Take another name');
  const { className, file } = nameMigration(name, new Date());
  const list = readText(tree, MIGRATION_LIST);
  tree.write(
    joinPathFragments(MIGRATIONS, `${file}.ts`),
    renderMigration(className, { apply: [], revert: [] }),
  );
  tree.write(MIGRATION_LIST, addToList(list, className, file));
  await formatFiles(tree);
}
