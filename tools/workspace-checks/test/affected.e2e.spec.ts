import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createWorkspaceCopy, type WorkspaceCopy } from '@askflash/testing';
import { z } from 'zod';
import { readProjects, withDependants, type Project } from '../src/projects';
import { WORKSPACE_ROOT } from '../src/workspace';

const LIBS = readdirSync(join(WORKSPACE_ROOT, 'libs'));
const AGENTS = readdirSync(join(WORKSPACE_ROOT, 'apps/agents'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((path) => basename(path) === 'project.json')
  .map((path) => dirname(path));

const taskGraph = z.object({ tasks: z.object({ tasks: z.record(z.string(), z.unknown()) }) });

describe('nx affected, after one commit', () => {
  let copy: WorkspaceCopy;
  let projects: Project[];

  beforeAll(async () => {
    copy = await createWorkspaceCopy();
    const paths = (await copy.run('git', ['ls-files'])).trim().split('\n');
    projects = readProjects(copy.folder, paths);
  });

  afterAll(() => copy?.remove());

  /** The projects that Nx names once a line has been added to a file and committed. */
  async function affectedBy(path: string, line: string): Promise<string[]> {
    appendFileSync(join(copy.folder, path), line);
    await copy.commit(`test: a line in ${path}`);
    const json = await copy.run('nx', [
      'show',
      'projects',
      '--affected',
      '--base=HEAD~1',
      '--json',
    ]);
    return z.array(z.string()).parse(JSON.parse(json)).sort();
  }

  function projectIn(folder: string): Project {
    const found = projects.find((project) => project.folder === folder);
    if (!found) throw new Error(`${folder} has no project.json`);
    return found;
  }

  it.each(AGENTS)('names the agent %s and what depends on it', async (name) => {
    const agent = projectIn(`apps/agents/${name}`);
    const affected = await affectedBy(`${agent.folder}/src/main.ts`, '// A change.\n');
    expect(affected).toEqual(withDependants(agent, projects));
    const others = AGENTS.map((other) => projectIn(`apps/agents/${other}`).name);
    expect(affected.filter((other) => others.includes(other))).toEqual([agent.name]);
  });

  it.each(LIBS)('names the lib %s and what depends on it', async (name) => {
    const lib = projectIn(`libs/${name}`);
    const affected = await affectedBy(`${lib.folder}/src/index.ts`, '// A change.\n');
    expect(affected).toEqual(withDependants(lib, projects));
  });

  it('has tasks for one agent alone, besides those of tools that watch all', async () => {
    const { name, folder } = projectIn('apps/agents/executor');
    appendFileSync(join(copy.folder, folder, 'src/main.ts'), '// Another change.\n');
    await copy.commit('test: another line');
    const targets = ['lint', 'test', 'typecheck'];
    await copy.run('nx', ['affected', '-t', ...targets, '--base=HEAD~1', '--graph=tasks.json']);
    const graph = taskGraph.parse(
      JSON.parse(readFileSync(join(copy.folder, 'tasks.json'), 'utf8')),
    );
    const tasks = Object.keys(graph.tasks.tasks);
    const watching = projects.filter(({ watchesAll }) => watchesAll).map((project) => project.name);
    expect(tasks.filter((id) => !watching.includes(id.split(':')[0] ?? '')).sort()).toEqual(
      targets.map((target) => `${name}:${target}`),
    );
  });

  it('names every project for what all tests are run with', async () => {
    const affected = await affectedBy('tools/jest/start-servers.js', '// A change.\n');
    expect(affected).toEqual(projects.map(({ name }) => name).sort());
  });

  it('names no app for a page of the docs, but the one that answers from them', async () => {
    const affected = await affectedBy('docs/agents.md', '\nA line.\n');
    const tools = projects.filter(({ tags }) => tags.includes('kind:tool'));
    expect(affected.filter((name) => !tools.some((tool) => tool.name === name))).toEqual([
      'embedding-agent',
    ]);
  });
});
