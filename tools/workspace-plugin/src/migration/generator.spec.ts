import type { Tree } from '@nx/devkit';
import { changedFiles, workspaceTree } from '../../test/workspace-tree';
import removeGenerator from '../remove/generator';
import migrationGenerator, { MIGRATION_LIST } from './generator';

let tree: Tree;
beforeEach(() => void (tree = workspaceTree()));

describe('nx g migration', () => {
  it('makes an empty migration behind the last one', async () => {
    await migrationGenerator(tree, { name: 'add-task-tags' });
    const [path = '', ...others] = changedFiles(tree);
    expect(path).toMatch(/^libs\/typeorm-entities\/src\/migrations\/\d{13}-add-task-tags\.ts$/);
    expect(others).toEqual([MIGRATION_LIST]);
    expect(tree.read(path, 'utf8')).toMatch(/class AddTaskTags\d{13} extends SqlMigration/);
    expect(tree.read(MIGRATION_LIST, 'utf8')).toMatch(/new AddTaskTags\d{13}\(\),\n\]/);
  });

  it('refuses a name that is taken, or none', async () => {
    await migrationGenerator(tree, { name: 'AddTaskTags' });
    await expect(migrationGenerator(tree, { name: 'add task tags' })).rejects.toThrow('already');
    await expect(migrationGenerator(tree, { name: '1' })).rejects.toThrow('cannot be the name');
  });

  it('is taken back by nx g remove', async () => {
    await migrationGenerator(tree, { name: 'AddTaskTags' });
    await removeGenerator(tree, { kind: 'migration', name: 'AddTaskTags' });
    expect(changedFiles(tree)).toEqual([]);
  });
});
