import { MIGRATION_RUNNER_CONFIG, loadConfig } from '@askflash/config';
import { DEFAULT_TEMPLATES } from '@askflash/dag-templates';
import { JobCommand, wholeNumber } from '@askflash/job-kit';
import { Migrator, createDataSource } from '@askflash/typeorm-entities';
import { Option } from 'nest-commander';
import { connect } from '../connect';

export interface ConnectionOptions {
  /** Seconds. */
  readonly wait?: number;
  /** Seconds. */
  readonly lockTimeout?: number;
}

/** What all commands share: how they reach the database, and for how long they try. */
export abstract class MigrationCommand<
  Options extends ConnectionOptions = ConnectionOptions,
> extends JobCommand {
  /** Does the command's work. */
  protected abstract work(migrator: Migrator, options: Options): Promise<void>;

  override async run(_parameters: string[], options: Options): Promise<void> {
    const { databaseUrl, logins = [] } = loadConfig(MIGRATION_RUNNER_CONFIG);
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
        logins,
        lockTimeoutMs: (options.lockTimeout ?? 60) * 1000,
        onMigration: (name) => this.print(`${this.command.name()} ${name} …`),
      });
      await this.work(migrator, options);
    } finally {
      await dataSource.destroy();
    }
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
