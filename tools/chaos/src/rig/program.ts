import { join, resolve } from 'node:path';
import type { Place } from '../plan/layout';
import { WORKSPACE_ROOT } from '../workspace-root';
import type { Program } from './rig-process';

interface ProgramOptions {
  /** Where its servers and ports are. */
  readonly env: Readonly<Record<string, string>>;
  /** The checkout of an older version. */
  readonly previous: string | undefined;
  readonly ledgerFile: string;
  readonly logFile: string;
}

/** What runs in a place: a coordinator as built, or an agent of this tool’s own. */
export function programOf(
  { agent, isPrevious }: Place,
  { env, previous, ledgerFile, logFile }: ProgramOptions,
): Program {
  const chaos = join(WORKSPACE_ROOT, 'dist/tools/chaos');
  const root = isPrevious && previous !== undefined ? resolve(previous) : WORKSPACE_ROOT;
  return {
    args:
      agent === undefined
        ? [join(root, 'dist/apps/coordinator/main.js')]
        : [join(chaos, 'agent.js'), agent, ledgerFile],
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'warn',
      ASKFLASH_STACK_FILE: '',
      AGENT_DRAIN_TIMEOUT_MS: '2000',
      COORDINATOR_POLL_INTERVAL_MS: '200',
      ...env,
    },
    clockScript: join(chaos, 'skewed-clock.js'),
    logFile,
  };
}
