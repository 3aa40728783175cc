import { logger, readJson, type Tree } from '@nx/devkit';
import { changedFiles, changesOf, workspaceTree } from '../../test/workspace-tree';
import agentGenerator from '../agent/generator';
import removeGenerator from '../remove/generator';
import stageGenerator, { type StageGeneratorOptions } from './generator';

const MODULE = 'apps/agents/summarizer/src/summarizer.module.ts';

let tree: Tree;
let before: ReturnType<typeof changesOf>;
beforeEach(async () => {
  tree = workspaceTree();
  await agentGenerator(tree, { name: 'summarizer', stage: 'summarize' });
  before = changesOf(tree);
});

const moduleText = () => tree.read(MODULE, 'utf8');

describe('nx g stage', () => {
  it('gives an agent one more handler, with its test', async () => {
    await stageGenerator(tree, { name: 'translateText', agent: 'summarizer-agent' });
    expect(changedFiles(tree, before)).toEqual([
      MODULE,
      'apps/agents/summarizer/src/translate-text.stage.ts',
      'apps/agents/summarizer/test/translate-text.stage.spec.ts',
      'libs/contracts/src/agent-registry.json',
    ]);
    expect(moduleText()).toContain("import { TranslateTextStage } from './translate-text.stage';");
    expect(moduleText()).toContain('controllers: [SummarizerAgent, TranslateTextStage]');
    const registry = readJson<object[]>(tree, 'libs/contracts/src/agent-registry.json');
    expect(registry.at(-1)).toMatchObject({ stages: ['summarize', 'translate_text'] });
  });

  it('works on an agent that was written by hand', async () => {
    await stageGenerator(tree, { name: 'guess', agent: 'intent' });
    expect(tree.read('apps/agents/intent/src/intent.module.ts', 'utf8')).toContain(
      'controllers: [IntentAgent, GuessStage]',
    );
  });

  it.each<[StageGeneratorOptions, RegExp]>([
    [{ name: 'summarize', agent: 'summarizer' }, /worked off by summarizer/],
    [{ name: 'translate', agent: 'nobody' }, /no agent nobody.*intent/],
    [{ name: 'translate', agent: 'summarizer', template: 'nope' }, /no default template/],
    [{ name: '!', agent: 'summarizer' }, /cannot be the name of a stage/],
  ])('refuses %j and writes nothing', async (options, reason) => {
    await expect(stageGenerator(tree, options)).rejects.toThrow(reason);
    expect(changedFiles(tree, before)).toEqual([]);
  });

  it('refuses an agent that has no project', async () => {
    tree.delete('apps/agents/websearch/project.json');
    await expect(stageGenerator(tree, { name: 'translate', agent: 'websearch' })).rejects.toThrow(
      'no project websearch-agent',
    );
  });

  it('refuses a module whose controllers it cannot see', async () => {
    tree.write(MODULE, (moduleText() ?? '').replace(/\[.*\]/, 'controllers'));
    await expect(stageGenerator(tree, { name: 'translate', agent: 'summarizer' })).rejects.toThrow(
      '0 modules with a list of controllers',
    );
  });

  it('is taken back by nx g remove, which tells what a database may still have', async () => {
    const warn = jest.spyOn(logger, 'warn').mockReturnValue();
    await stageGenerator(tree, {
      name: 'translate',
      agent: 'summarizer',
      template: 'simple_lookup',
    });
    await removeGenerator(tree, { kind: 'stage', name: 'translate' });
    expect(changedFiles(tree, before)).toEqual([]);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('simple_lookup is version'));
  });

  it('does not take a stage from an agent that was made with it', async () => {
    await expect(removeGenerator(tree, { kind: 'stage', name: 'summarize' })).rejects.toThrow(
      'Remove the agent',
    );
  });
});
