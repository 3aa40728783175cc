import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import { CommandFactory, CommandRunnerService } from 'nest-commander';
import { AppModule } from './app.module';

/**
 * Runs the command that the arguments name, `['apply', '--wait', '60']`; what it has to say goes to
 * standard output, a failure to standard error.
 *
 * @returns the exit code, see EXIT_CODES
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    const app = await CommandFactory.createWithoutRunning(AppModule, {
      cliName: 'queue-init',
      logger: false,
      abortOnError: false,
      errorHandler: rethrow,
      serviceErrorHandler: rethrow,
    });
    try {
      await app.get(CommandRunnerService).run(['node', 'queue-init', ...args]);
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
