import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import type { Type } from '@nestjs/common';
import { CommandFactory, CommandRunnerService } from 'nest-commander';

/**
 * Runs the command of a job that the arguments name, such as `['apply', '--wait', '60']`; a failure
 * is told on standard error.
 *
 * @param module has the job's commands among its providers
 * @param name of the job, as its users call it
 * @returns the exit code, see EXIT_CODES
 */
export async function runJob(module: Type, name: string, args: readonly string[]): Promise<number> {
  try {
    const app = await CommandFactory.createWithoutRunning(module, {
      cliName: name,
      logger: false,
      abortOnError: false,
      errorHandler: rethrow,
      serviceErrorHandler: rethrow,
    });
    try {
      await app.get(CommandRunnerService).run(['node', name, ...args]);
    } finally {
      await app.close();
    }
    return EXIT_CODES.ok.code;
  } catch (error) {
    return isCommanderError(error) ? usageExitCode(error) : reportFailure(error);
  }
}

/** In place of commander's own `process.exit`. */
function rethrow(error: Error): never {
  throw error;
}

interface CommanderError {
  readonly code: string;
  readonly exitCode: number;
}

/** Commander has told on standard error what is wrong already. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && error.name === 'CommanderError' && 'exitCode' in error;
}

/** Help that was asked for is no failure. */
function usageExitCode({ exitCode }: CommanderError): number {
  return exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
}
