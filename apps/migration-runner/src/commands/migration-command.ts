import { MIGRATION_RUNNER_CONFIG, loadConfig } from '@askflash/config';
import { DEFAULT_TEMPLATES } from '@askflash/dag-templates';
import { Migrator, createDataSource } from '@askflash/typeorm-entities';
import { CommandRunner, Option } from 'nest-commander';
import { connect } from '../connect';
import { OptionInvalidError } from '../errors';

export interface ConnectionOptions {
  /** Seconds. */
  readonly wait?: number;
  /** Seconds. */
  readonly lockTimeout?: number;
}

/** What all commands share: how they reach the database, and for how long they try. */
export abstract class MigrationCommand<
  Options extends ConnectionOptions = ConnectionOptions,
> extends CommandRunner {
  /** Does the command's work. */
  protected abstract work(migrator: Migrator, options: Options): Promise<void>;

  override async run(_parameters: string[], options: Options): Promise<void> {
    const { databaseUrl } = loadConfig(MIGRATION_RUNNER_CONFIG);
    const dataSource = createDataSource({
      url: databaseUrl,
      applicationName: 'migration-runner',
      poolSize: 2,
      statementTimeoutMs: 0,
    });
    await connect(dataSource, (options.wait ?? 0) * 1000);
    try {
      const migrator = new Migrator(dataSource, {
        templates: DEFAULT_TEMPLATES,
        lockTimeoutMs: (options.lockTimeout ?? 60) * 1000,
        onMigration: (name) => this.print(`${this.command.name()} ${name} …`),
      });
      await this.work(migrator, options);
    } finally {
      await dataSource.destroy();
    }
  }

  /** Lets a wrong command line end as an error instead of ending the process. */
  override setCommand(...[command]: Parameters<CommandRunner['setCommand']>): this {
    command.exitOverride();
    return super.setCommand(command);
  }

  protected print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  @Option({
    flags: '--wait <seconds>',
    description: 'How long to wait for a database that is still starting; 0 without it',
  })
  parseWait(text: string): number {
    return wholeNumber('--wait', text, 0);
  }

  @Option({
    flags: '--lock-timeout <seconds>',
    description:
      'How long to wait for another runner, and for a table that is in use; 60 without it',
  })
  parseLockTimeout(text: string): number {
    return wholeNumber('--lock-timeout', text, 0);
  }
}

/** @throws {OptionInvalidError} */
export function wholeNumber(option: string, text: string, min: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= min) return number;
  throw new OptionInvalidError(option, `a whole number from ${min}`);
}
