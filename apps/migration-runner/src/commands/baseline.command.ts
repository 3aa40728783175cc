import { wholeNumber } from '@askflash/job-kit';
import type { Migrator } from '@askflash/typeorm-entities';
import { Command, Option } from 'nest-commander';
import { describeTemplates } from '../describe-templates';
import { MigrationCommand, type ConnectionOptions } from './migration-command';

interface BaselineOptions extends ConnectionOptions {
  readonly to?: number;
}

@Command({
  name: 'baseline',
  description:
    'Records migrations as applied without running them, where their tables are there already',
})
export class BaselineCommand extends MigrationCommand<BaselineOptions> {
  protected async work(migrator: Migrator, { to }: BaselineOptions): Promise<void> {
    const { applied, templates, roles } = await migrator.baseline(to);
    this.print(`Recorded as applied: ${applied.join(', ')}`);
    for (const line of describeTemplates(templates)) this.print(line);
    if (roles.length > 0) this.print(`Roles with their rights: ${roles.join(', ')}`);
  }

  @Option({ flags: '--to <number>', description: 'Number of the last migration to record' })
  parseTo(text: string): number {
    return wholeNumber('--to', text, 1);
  }
}
