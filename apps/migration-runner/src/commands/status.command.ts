import type { Migrator } from '@askflash/typeorm-entities';
import Table from 'cli-table3';
import { Command, Option } from 'nest-commander';
import { MigrationCommand, type ConnectionOptions } from './migration-command';

interface StatusOptions extends ConnectionOptions {
  readonly json?: boolean;
}

@Command({ name: 'status', description: 'Shows which migrations the database has' })
export class StatusCommand extends MigrationCommand<StatusOptions> {
  protected async work(migrator: Migrator, { json }: StatusOptions): Promise<void> {
    const migrations = await migrator.status();
    if (json) {
      const current = migrations.every(({ state }) => state === 'applied');
      this.print(JSON.stringify({ current, migrations }, null, 2));
      return;
    }
    const table = new Table({ head: ['#', 'migration', 'state', 'applied at'], style: PLAIN });
    for (const { number, name, state, appliedAt } of migrations) {
      table.push([number ?? '-', name, state, appliedAt?.toISOString() ?? '-']);
    }
    this.print(table.toString());
  }

  @Option({ flags: '--json', description: 'As JSON, for scripts' })
  parseJson(): boolean {
    return true;
  }
}

const PLAIN = { head: [], border: [] };
