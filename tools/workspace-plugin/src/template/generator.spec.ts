import { parseTemplate } from '@askflash/dag-templates';
import { readJson, type Tree } from '@nx/devkit';
import { changedFiles, workspaceTree } from '../../test/workspace-tree';
import agentGenerator from '../agent/generator';
import removeGenerator from '../remove/generator';
import templateGenerator, { type TemplateGeneratorOptions } from './generator';

const FOLDER = 'libs/dag-templates/src/templates';
const LIST = 'libs/dag-templates/src/default-templates.ts';

let tree: Tree;
beforeEach(() => void (tree = workspaceTree()));

describe('nx g template', () => {
  it('makes a template whose stages follow each other, with its test', async () => {
    await templateGenerator(tree, {
      name: 'careful-answer',
      stages: 'embedding_lookup, executor_reasoning,moderation,response_packaging',
    });
    expect(changedFiles(tree)).toEqual([
      LIST,
      `${FOLDER}/careful_answer.json`,
      `${FOLDER}/careful_answer.spec.ts`,
    ]);
    const { name, version, stages } = parseTemplate(
      readJson(tree, `${FOLDER}/careful_answer.json`),
    );
    expect([name, version]).toEqual(['careful_answer', 1]);
    expect(stages.map(({ name: stage, dependsOn }) => [stage, dependsOn])).toEqual([
      ['embedding_lookup', []],
      ['executor_reasoning', ['embedding_lookup']],
      ['moderation', ['executor_reasoning']],
      ['response_packaging', ['moderation']],
    ]);
    expect(tree.read(LIST, 'utf8')).toMatch(/\n {2}careful_?[Aa]nswer,\n\]/);
  });

  it('takes the stage of an agent that was made just before', async () => {
    await agentGenerator(tree, { name: 'summarizer' });
    await templateGenerator(tree, { name: 'digest', stages: 'summarizer' });
    expect(tree.exists(`${FOLDER}/digest.json`)).toBe(true);
  });

  it.each<[TemplateGeneratorOptions, RegExp]>([
    [{ name: 'standard_query', stages: 'moderation' }, /a template standard_query already/],
    [{ name: 'digest', stages: 'nope' }, /nobody works nope off/],
    [{ name: 'digest', stages: 'moderation,moderation' }, /moderation/],
    [{ name: 'digest', stages: ' , ' }, /needs a stage/],
    [{ name: '?', stages: 'moderation' }, /cannot be the name of a template/],
  ])('refuses %j and writes nothing', async (options, reason) => {
    await expect(templateGenerator(tree, options)).rejects.toThrow(reason);
    expect(changedFiles(tree)).toEqual([]);
  });

  it('is taken back by nx g remove', async () => {
    await templateGenerator(tree, { name: 'digest', stages: 'moderation' });
    await removeGenerator(tree, { kind: 'template', name: 'digest' });
    expect(changedFiles(tree)).toEqual([]);
  });
});
