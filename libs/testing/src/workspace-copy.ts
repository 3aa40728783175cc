import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '@askflash/config';
import { WORKSPACE_ROOT } from './workspace-root';

/** The outer run's own: its Nx, its Jest, the repository of a hook that it is part of. */
const NOT_INHERITED = /^(NX_|LERNA_|JEST_|GIT_|NODE_OPTIONS$|NODE_ENV$|ASKFLASH_|FORCE_COLOR$)/;

/** A repository of its own with the workspace in it, for a test that commits or generates. */
export interface WorkspaceCopy {
  readonly folder: string;
  /**
   * Runs a command in the copy, with the packages' commands in its path.
   *
   * @returns what it wrote to its standard output
   * @throws where it fails, with all that it wrote
   */
  run(command: string, args: readonly string[], env?: Environment): Promise<string>;
  /** Commits whatever has changed in the copy. */
  commit(message: string): Promise<void>;
  remove(): void;
}

/**
 * Copies the workspace as it is, uncommitted changes included and ignored files not, into a
 * temporary folder with one commit on `main`. The packages are the workspace's own, by a link; Nx
 * has a cache of the copy's own, no daemon, and no process for each plugin.
 */
export async function createWorkspaceCopy(): Promise<WorkspaceCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-workspace-'));
  const run = (command: string, args: readonly string[], env?: Environment) =>
    runIn(folder, command, args, env);
  const git = (...args: string[]) => run('git', args);
  const copy: WorkspaceCopy = {
    folder,
    run,
    commit: async (message) => {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  try {
    await git('init', '--quiet', '--initial-branch=main');
    await git('config', 'user.name', 'A test');
    await git('config', 'user.email', 'test@example.invalid');
    await git('config', 'commit.gpgsign', 'false');
    // Neither hooks of the workspace nor those of whoever runs the test.
    await git('config', 'core.hooksPath', '/dev/null');
    // Git itself reads the workspace and takes its .gitignore into account.
    await git(`--git-dir=${join(folder, '.git')}`, `--work-tree=${WORKSPACE_ROOT}`, 'add', '--all');
    await git('commit', '--quiet', '--message', 'chore: the workspace as it is');
    await git('reset', '--quiet', '--hard');
    symlinkSync(join(WORKSPACE_ROOT, 'node_modules'), join(folder, 'node_modules'));
    // For Git a link is no folder, which is what .gitignore names.
    appendFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
    return copy;
  } catch (error) {
    copy.remove();
    throw error;
  }
}

async function runIn(
  folder: string,
  command: string,
  args: readonly string[],
  env: Environment = {},
): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const path = [join(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd: folder,
      env: {
        ...Object.fromEntries(inherited),
        PATH: path,
        NX_DAEMON: 'false',
        NX_TUI: 'false',
        NX_ISOLATE_PLUGINS: 'false',
        ...env,
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed in ${folder}:\n${said(error)}`, {
      cause: error,
    });
  }
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stdout, stderr } = { stdout: '', stderr: '', ...error };
  return [error.message, stdout, stderr].filter(Boolean).join('\n');
}
