import { logger, readJson, type Tree } from '@nx/devkit';
import { parse } from 'yaml';
import { changedFiles, workspaceTree } from '../../test/workspace-tree';
import removeGenerator from '../remove/generator';
import agentGenerator from './generator';
import type { AgentGeneratorOptions } from './options';

const REGISTRY = 'libs/contracts/src/agent-registry.json';
const COMPOSE = [
  'compose.cluster.yml',
  'compose.prod.yml',
  'docker-compose.override.yml',
  'docker-compose.yml',
];

let tree: Tree;
beforeEach(() => void (tree = workspaceTree()));

const registered = () => readJson<object[]>(tree, REGISTRY).at(-1);
const text = (path: string) => tree.read(path, 'utf8') ?? '';

describe('nx g agent', () => {
  it('makes an app, registers it and gives it its services, and changes nothing else', async () => {
    await agentGenerator(tree, { name: 'summarizer', stage: 'summarize' });
    expect(changedFiles(tree)).toEqual([
      'apps/agents/summarizer/eslint.config.mjs',
      'apps/agents/summarizer/jest.config.js',
      'apps/agents/summarizer/jest.integration.config.js',
      'apps/agents/summarizer/project.json',
      'apps/agents/summarizer/src/main.ts',
      'apps/agents/summarizer/src/summarizer.agent.ts',
      'apps/agents/summarizer/src/summarizer.module.ts',
      'apps/agents/summarizer/test/queue.integration.spec.ts',
      'apps/agents/summarizer/test/summarizer-agent.spec.ts',
      'apps/agents/summarizer/tsconfig.json',
      'apps/agents/summarizer/webpack.config.js',
      ...COMPOSE,
      REGISTRY,
    ]);
    expect(registered()).toEqual({
      name: 'summarizer',
      queue: 'summarizer.task',
      stages: ['summarize'],
      description: 'Works off summarize',
    });
    expect(readJson(tree, 'apps/agents/summarizer/project.json')).toMatchObject({
      name: 'summarizer-agent',
      tags: ['kind:agent'],
    });
    expect(text('apps/agents/summarizer/src/summarizer.agent.ts')).toContain(
      "@Agent({ name: 'summarizer', queue: 'summarizer.task' })",
    );
  });

  it('puts its services among the others of their files', async () => {
    await agentGenerator(tree, { name: 'summarizer' });
    for (const file of COMPOSE) {
      const services = Object.keys(parse(text(file), { merge: true }).services);
      expect(services.indexOf('summarizer-agent')).toBe(services.indexOf('websearch-agent') + 1);
    }
    const { services } = parse(text('docker-compose.override.yml'), { merge: true });
    expect(services['summarizer-agent'].build.args.APP).toBe('summarizer-agent');
    expect(services['summarizer-agent'].environment.APP_LOGIN).toBe(
      'summarizer-agent:${APP_PASSWORD}',
    );
  });

  it.each(['Web Digest', 'webDigest', 'web-digest-agent', 'WebDigestAgent', 'web_digest'])(
    'takes the name %s as Nest and Nx would',
    async (name) => {
      await agentGenerator(tree, { name });
      expect(registered()).toMatchObject({
        name: 'web-digest',
        queue: 'web-digest.task',
        stages: ['web_digest'],
      });
      expect(text('apps/agents/web-digest/src/web-digest.agent.ts')).toContain(
        'class WebDigestAgent',
      );
    },
  );

  it('takes queue, description, concurrency and directory as they are given', async () => {
    const directory = 'apps/agents/text/summarizer';
    const own = { queue: 'digest.task', description: 'Makes it short', concurrency: 3 };
    await agentGenerator(tree, { name: 'summarizer', stage: 'summarize', directory, ...own });
    expect(registered()).toEqual({ name: 'summarizer', stages: ['summarize'], ...own });
    expect(readJson(tree, `${directory}/tsconfig.json`).extends).toBe(
      '../../../../tsconfig.base.json',
    );
  });

  it('puts the stage into a template before its end, as a new version', async () => {
    await agentGenerator(tree, { name: 'summarizer', template: 'quick_answer' });
    const { version, stages } = readJson(
      tree,
      'libs/dag-templates/src/templates/quick_answer.json',
    );
    const earlier = readJson(workspaceTree(), 'libs/dag-templates/src/templates/quick_answer.json');
    expect(version).toBe(earlier.version + 1);
    expect(stages.slice(-2)).toMatchObject([
      { name: 'summarizer', dependsOn: earlier.stages.at(-1).dependsOn },
      { name: 'response_packaging', dependsOn: ['summarizer'] },
    ]);
  });

  it.each<[AgentGeneratorOptions, RegExp]>([
    [{ name: 'intent' }, /an agent intent already/],
    [{ name: 'Intent Agent' }, /an agent intent already/],
    [{ name: 'digest', stage: 'moderation' }, /worked off by moderator/],
    [{ name: 'digest', stage: 'response_packaging' }, /worked off by the coordinator/],
    [{ name: 'digest', queue: 'intent.task' }, /belongs to the agent intent/],
    [{ name: 'digest', queue: 'mcp.mine' }, /queue must be lower case/],
    [{ name: 'digest', concurrency: 0 }, /concurrency/],
    [{ name: 'digest', template: 'nope' }, /no default template nope.*standard_query/],
    [{ name: 'digest', directory: '../digest' }, /no folder under apps/],
    [{ name: 'digest', directory: 'apps/agents/intent' }, /is there already/],
    [{ name: '7up' }, /cannot be the name of an agent/],
    [{ name: '' }, /cannot be the name of an agent/],
    [{ name: 'x'.repeat(80) }, /cannot be the name of an agent/],
  ])('refuses %j and writes nothing', async (options, reason) => {
    await expect(agentGenerator(tree, options)).rejects.toMatchObject({
      code: 'GENERATOR_REFUSED',
      message: expect.stringMatching(reason),
    });
    expect(changedFiles(tree)).toEqual([]);
  });

  it('refuses a second run', async () => {
    await agentGenerator(tree, { name: 'summarizer' });
    await expect(agentGenerator(tree, { name: 'summarizer' })).rejects.toThrow('already');
  });

  it.each([
    ['is no JSON', '[{'],
    ['has a stage twice', JSON.stringify([1, 2].map((n) => entry(`reader${n}`, 'read')))],
  ])('refuses a registry that %s', async (_what, content) => {
    tree.write(REGISTRY, content);
    await expect(agentGenerator(tree, { name: 'summarizer' })).rejects.toThrow('Mend it first');
  });

  it('is taken back by nx g remove', async () => {
    jest.spyOn(logger, 'warn').mockReturnValue();
    await agentGenerator(tree, { name: 'summarizer', template: 'standard_query', concurrency: 2 });
    await removeGenerator(tree, { kind: 'agent', name: 'summarizer-agent' });
    expect(changedFiles(tree)).toEqual([]);
  });
});

function entry(name: string, stage: string) {
  return { name, queue: `${name}.task`, stages: [stage], description: 'Reads' };
}
