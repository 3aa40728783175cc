import { newId, type AGENT_CONFIG, type ConfigOf } from '@askflash/config';
import { runService } from '@askflash/service-kit';
import { startAgent, type StartAgentOptions } from './start-agent';

/** Put in by the build: the version of the workspace's package. */
declare const ASKFLASH_VERSION: string;

/** What to run. */
export interface RunAgentOptions extends Pick<StartAgentOptions, 'appName' | 'module'> {
  /** Called once, at start; what it throws is reported with the right exit code. */
  readonly config: () => ConfigOf<typeof AGENT_CONFIG>;
  /** Told in heartbeats; that of the build unless given. */
  readonly version?: string;
}

/**
 * Runs an agent until SIGTERM: takes its stages from its queue, beats, tells its health and metrics over
 * HTTP, and drains when told to stop.
 *
 * Ends the process with the exit code of what keeps it from starting: a bad variable, a decorator
 * that does not fit the registry, a missing queue.
 */
export function runAgent({
  appName,
  module,
  config,
  version = builtVersion(),
}: RunAgentOptions): Promise<void> {
  return runService(async () =>
    startAgent({ appName, module, config: config(), instanceId: newId(), version }),
  );
}

function builtVersion(): string {
  return typeof ASKFLASH_VERSION === 'undefined' ? 'dev' : ASKFLASH_VERSION;
}
