import { forgetSecrets } from '@askflash/config';
import { ShutdownLateError } from '../errors';
import { reportFailure } from './report-failure';

/** What a service has to offer to be run: a Nest application or application context. */
export interface Service {
  enableShutdownHooks(signals: string[], options: { useProcessExit: boolean }): unknown;
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'];

/** How a service is run. */
export interface RunOptions {
  /** How long all of its shutdown may take, each part of which may wait for another server. */
  readonly stopWithinMs?: number;
}

/**
 * Runs a service until it is told to stop.
 *
 * ```
 * start ──► running ──SIGTERM, SIGINT──► shutdown hooks ──► exit 0
 *   │          │                               └──late──► reported ──► exit 1
 *   │          └──unhandled rejection or exception──► reported ──► exit 1
 *   └──throws──► reported ──► exit code of the error
 * ```
 *
 * Once it runs, its secrets are no longer among the process's variables.
 *
 * @param start builds the service and lets it listen; where it throws, nothing runs
 */
export async function runService(
  start: () => Promise<Service>,
  { stopWithinMs }: RunOptions = {},
): Promise<void> {
  const die = (error: unknown) => process.exit(reportFailure(error));
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
  try {
    const service = await start();
    forgetSecrets();
    service.enableShutdownHooks(STOP_SIGNALS, { useProcessExit: true });
    if (stopWithinMs === undefined) return;
    const endLate = () => die(new ShutdownLateError(stopWithinMs));
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => setTimeout(endLate, stopWithinMs).unref());
    }
  } catch (error) {
    die(error);
  }
}
