import type { Migrator } from '@askflash/typeorm-entities';
import { Command } from 'nest-commander';
import { MigrationCommand } from './migration-command';

@Command({
  name: 'down',
  description: 'Reverts the migration applied last, and with it the data of what it drops',
})
export class DownCommand extends MigrationCommand {
  protected async work(migrator: Migrator): Promise<void> {
    const reverted = await migrator.down();
    this.print(reverted === null ? 'Nothing to do' : `Reverted: ${reverted}`);
  }
}
