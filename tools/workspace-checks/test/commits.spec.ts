import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE_ROOT } from '../src/workspace';

const COMMITLINT = join(WORKSPACE_ROOT, 'node_modules/@commitlint/cli/cli.js');

/** What commitlint says, nothing where all is well. */
function complaints(args: readonly string[], message?: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [COMMITLINT, ...args],
      { cwd: WORKSPACE_ROOT },
      (error, stdout, stderr) => resolve(error ? stdout + stderr || error.message : ''),
    );
    child.stdin?.end(message);
  });
}

describe('the messages of commits', () => {
  it.each([
    'feat(coordinator): OpenAPI 3.1 with roles',
    'fix(config,messaging): a port is given once',
    'chore(release): publish 0.2.0',
    "Merge branch 'main' into topic",
    'perf: fewer round trips\n\nOne script does what three commands did.',
  ])('may be: %s', async (message) => expect(await complaints([], message)).toBe(''));

  it.each([
    ['Fixed it', 'type-empty'],
    ['feature: more of it', 'type-enum'],
    ['fix:', 'subject-empty'],
    ['fix: a crash.', 'subject-full-stop'],
    [`fix: ${'x'.repeat(120)}`, 'header-max-length'],
  ])('may not be: %s', async (message, rule) => {
    expect(await complaints([], message)).toContain(`[${rule}]`);
  });

  it('are in order since they are checked', async () => {
    // An archive of the sources has no history.
    if (!existsSync(join(WORKSPACE_ROOT, '.git'))) return;
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: WORKSPACE_ROOT, encoding: 'utf8' }).trim();
    const since = git('log', '--diff-filter=A', '--format=%H', '--', 'commitlint.config.mjs');
    const [first] = since.split('\n').reverse();
    expect(await complaints(['--from', first ?? '', '--to', 'HEAD'])).toBe('');
  });
});
