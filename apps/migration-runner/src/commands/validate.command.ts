import { MigrationsInvalidError, problemsOf, type Migrator } from '@askflash/typeorm-entities';
import { Command } from 'nest-commander';
import { MigrationCommand } from './migration-command';

@Command({
  name: 'validate',
  description: 'Checks that what is applied is what the code has: none changed, missing or unknown',
})
export class ValidateCommand extends MigrationCommand {
  protected async work(migrator: Migrator): Promise<void> {
    const migrations = await migrator.status();
    const problems = problemsOf(migrations);
    if (problems.length > 0) throw new MigrationsInvalidError(problems);
    const pending = migrations.filter(({ state }) => state === 'pending').length;
    this.print(`Valid: ${migrations.length - pending} applied, ${pending} pending`);
  }
}
