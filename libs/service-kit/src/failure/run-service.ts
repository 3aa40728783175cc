import { forgetSecrets } from '@askflash/config';
import { reportFailure } from './report-failure';

/** What a service has to offer to be run: a Nest application or application context. */
export interface Service {
  enableShutdownHooks(signals: string[], options: { useProcessExit: boolean }): unknown;
}

/**
 * Runs a service until it is told to stop.
 *
 * ```
 * start ──► running ──SIGTERM, SIGINT──► shutdown hooks ──► exit 0
 *   │          └──unhandled rejection or exception──► reported ──► exit 1
 *   └──throws──► reported ──► exit code of the error
 * ```
 *
 * Once it runs, its secrets are no longer among the process's variables.
 *
 * @param start builds the service and lets it listen; where it throws, nothing runs
 */
export async function runService(start: () => Promise<Service>): Promise<void> {
  const die = (error: unknown) => process.exit(reportFailure(error));
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
  try {
    const service = await start();
    forgetSecrets();
    service.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  } catch (error) {
    die(error);
  }
}
