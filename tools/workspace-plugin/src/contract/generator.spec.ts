import type { Tree } from '@nx/devkit';
import { changedFiles, changesOf, workspaceTree } from '../../test/workspace-tree';
import removeGenerator from '../remove/generator';
import contractGenerator from './generator';

const MESSAGES = 'libs/contracts/src/messages';
const LISTS = ['libs/contracts/src/index.ts', `${MESSAGES}/all.ts`];

let tree: Tree;
beforeEach(() => void (tree = workspaceTree()));

const text = (path: string) => tree.read(path, 'utf8') ?? '';

describe('nx g contract', () => {
  it('makes a message with its golden sample, and lists it', async () => {
    await contractGenerator(tree, { name: 'task.archived', description: 'A task is put away.' });
    expect(changedFiles(tree)).toEqual([
      ...LISTS,
      `${MESSAGES}/task-archived.sample.json`,
      `${MESSAGES}/task-archived.ts`,
    ]);
    expect(text(`${MESSAGES}/task-archived.ts`)).toContain("type: 'task.archived.v1'");
    expect(text(`${MESSAGES}/all.ts`)).toMatch(/\n {2}TASK_ARCHIVED,\n\]/);
    expect(text('libs/contracts/src/index.ts')).toContain(
      "export { TASK_ARCHIVED, taskArchived } from './messages/task-archived';",
    );
  });

  it('makes the next version of one that is there, and leaves that as it is', async () => {
    await contractGenerator(tree, { name: 'stage.requested' });
    expect(changedFiles(tree)).toEqual([
      ...LISTS,
      `${MESSAGES}/stage-requested-v2.sample.json`,
      `${MESSAGES}/stage-requested-v2.ts`,
    ]);
    expect(text(`${MESSAGES}/stage-requested-v2.ts`)).toContain("type: 'stage.requested.v2'");
  });

  it.each(['archived', 'Task.Archived', 'task archived', 'task..archived', ''])(
    'refuses the name %j and writes nothing',
    async (name) => {
      await expect(contractGenerator(tree, { name })).rejects.toThrow('parted by dots');
      expect(changedFiles(tree)).toEqual([]);
    },
  );

  it('is taken back by nx g remove, one version at a time', async () => {
    // Long enough for its lines to be broken.
    const long = 'task.archived.for.as.long.as.anybody.may.want.to.read.it';
    await contractGenerator(tree, { name: long });
    await removeGenerator(tree, { kind: 'contract', name: long });
    expect(changedFiles(tree)).toEqual([]);
    await contractGenerator(tree, { name: 'task.archived' });
    const first = changesOf(tree);
    await contractGenerator(tree, { name: 'task.archived' });
    await removeGenerator(tree, { kind: 'contract', name: 'task.archived.v2' });
    expect(changedFiles(tree, first)).toEqual([]);
    await removeGenerator(tree, { kind: 'contract', name: 'task.archived' });
    expect(changedFiles(tree)).toEqual([]);
    await expect(
      removeGenerator(tree, { kind: 'contract', name: 'task.archived' }),
    ).rejects.toThrow('missing');
  });
});
