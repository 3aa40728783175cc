import { runJob } from '@askflash/job-kit';
import { AppModule } from './app.module';

/** Runs the command that the arguments name, and returns the exit code. */
export function runCommandLine(args: readonly string[]): Promise<number> {
  return runJob(AppModule, 'queue-init', args);
}
