import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { readJson, WORKSPACE_ROOT } from '../src/workspace';

const tsconfig = z.object({ compilerOptions: z.unknown() });

/** JavaScript modules, checked with options of their own and beside the rest. */
const ON_ITS_OWN = 'tools/dev-stack/tsconfig.json';

/** `npm test` checks all projects as one program, which is the same only where their options are. */
it('every project has the options by which all are checked at once', () => {
  const all = tsconfig.parse(readJson('tools/workspace-checks/tsconfig.workspace.json'));
  const paths = execFileSync('git', ['ls-files', '*/tsconfig.json'], {
    cwd: WORKSPACE_ROOT,
    encoding: 'utf8',
  });
  const projects = paths.split('\n').filter((path) => path !== '' && path !== ON_ITS_OWN);
  expect(projects.length).toBeGreaterThan(30);
  for (const path of projects) {
    expect([path, tsconfig.parse(readJson(path)).compilerOptions]).toEqual([
      path,
      all.compilerOptions,
    ]);
  }
});
