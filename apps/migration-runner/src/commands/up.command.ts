import { wholeNumber } from '@askflash/job-kit';
import {
  CREATE_LEDGER,
  recordStatement,
  type Migrator,
  type SqlMigration,
} from '@askflash/typeorm-entities';
import { Command, Option } from 'nest-commander';
import { describeTemplates } from '../describe-templates';
import { MigrationCommand, type ConnectionOptions } from './migration-command';

interface UpOptions extends ConnectionOptions {
  readonly to?: number;
  readonly dryRun?: boolean;
}

@Command({
  name: 'up',
  description:
    'Applies what the database lacks, seeds the default templates and gives apps their rights',
})
export class UpCommand extends MigrationCommand<UpOptions> {
  protected async work(migrator: Migrator, { to, dryRun }: UpOptions): Promise<void> {
    if (dryRun) {
      const pending = await migrator.plan(to);
      this.print(pending.length > 0 ? toScript(pending) : '-- Nothing to do');
      return;
    }
    const { applied, templates, roles } = await migrator.up(to);
    const seeded = describeTemplates(templates);
    if (applied.length > 0) this.print(`Applied: ${applied.join(', ')}`);
    for (const line of seeded) this.print(line);
    if (roles.length > 0) this.print(`Roles with their rights: ${roles.join(', ')}`);
    if ([applied, seeded, roles].every(({ length }) => length === 0)) this.print('Nothing to do');
  }

  @Option({ flags: '--to <number>', description: 'Number of the last migration to apply' })
  parseTo(text: string): number {
    return wholeNumber('--to', text, 1);
  }

  @Option({ flags: '--dry-run', description: 'Prints the SQL and changes nothing' })
  parseDryRun(): boolean {
    return true;
  }
}

/** Migrations as a script that does what `up` does, up to the templates. */
function toScript(migrations: readonly SqlMigration[]): string {
  const parts = migrations.map((migration) => {
    const statements = [...migration.applyStatements, recordStatement(migration)];
    const script = migration.transaction ? ['BEGIN', ...statements, 'COMMIT'] : statements;
    return `-- ${migration.name}\n${asLines(script)}`;
  });
  return [
    asLines([CREATE_LEDGER]),
    ...parts,
    '-- Then the default templates are seeded, and the roles of APP_LOGINS made.',
  ].join('\n\n');
}

function asLines(statements: readonly string[]): string {
  return statements.map((statement) => `${statement.trim()};`).join('\n');
}
