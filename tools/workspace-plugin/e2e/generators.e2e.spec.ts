import { createWorkspaceCopy, type WorkspaceCopy } from '@askflash/testing';

const TIMEOUT_MS = 400_000;

/** The generators that the tutorial does not run, each with its inverse. */
const GENERATED = [
  ['stage', 'translate', ['--agent', 'intent', '--template', 'quick_answer']],
  ['template', 'careful_answer', ['--stages', 'executor_reasoning,translate,moderation']],
  ['contract', 'task.archived', []],
  ['contract', 'stage.requested', []],
  ['migration', 'AddTaskTags', []],
] as const;

const PROJECTS = ['contracts', 'typeorm-entities', 'intent-agent', 'reference'];

let copy: WorkspaceCopy;
beforeAll(async () => void (copy = await createWorkspaceCopy()), TIMEOUT_MS);
afterAll(() => copy.remove());

const status = () => copy.run('git', ['status', '--short']);
const generate = (...args: string[]) => copy.run('nx', ['g', ...args, '--no-interactive']);

it('only shows what would come where it is told to', async () => {
  expect(await generate('contract', 'task.archived', '--dry-run')).toContain('CREATE');
  expect(await status()).toBe('');
});

it(
  'what they make passes its checks as it is',
  async () => {
    for (const [kind, name, options] of GENERATED) {
      const before = await status();
      await generate(kind, name, ...options);
      expect(await status()).not.toBe(before);
    }
    const changed = (
      await copy.run('git', ['ls-files', '--modified', '--others', '--exclude-standard'])
    )
      .split('\n')
      .filter((path) => path !== '');
    await copy.run('prettier', ['--check', ...changed]);
    await copy.run(
      'eslint',
      changed.filter((path) => path.endsWith('.ts')),
    );
    await copy.run('nx', ['run-many', '-t', 'typecheck', 'test', '-p', ...PROJECTS]);
    await copy.run('jest', ['--config', 'libs/dag-templates/jest.config.js', 'careful_answer']);
  },
  TIMEOUT_MS,
);

it('none of them does anything a second time but contract, which makes a next version', async () => {
  await copy.commit('feat: all of them');
  for (const [kind, name, options] of GENERATED.filter(([kind]) => kind !== 'contract')) {
    await expect(generate(kind, name, ...options)).rejects.toThrow(/already|worked off by/);
  }
  expect(await status()).toBe('');
});

it(
  'their inverses leave the checkout as it was before them',
  async () => {
    await generate('remove', 'template', 'careful_answer');
    await generate('remove', 'stage', 'translate');
    await generate('remove', 'contract', 'task.archived');
    await generate('remove', 'contract', 'stage.requested.v2');
    await generate('remove', 'migration', 'AddTaskTags');
    expect(await copy.run('git', ['diff', '--stat', 'HEAD~1'])).toBe('');
    expect(await copy.run('git', ['ls-files', '--others', '--exclude-standard'])).toBe('');
  },
  TIMEOUT_MS,
);
