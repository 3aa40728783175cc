import { CommandRunner } from 'nest-commander';

/** A command of a job: what it has to say goes to standard output, what it throws ends the job. */
export abstract class JobCommand extends CommandRunner {
  /** Lets a wrong command line end as an error instead of ending the process. */
  override setCommand(...[command]: Parameters<CommandRunner['setCommand']>): this {
    command.exitOverride();
    return super.setCommand(command);
  }

  protected print(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}
