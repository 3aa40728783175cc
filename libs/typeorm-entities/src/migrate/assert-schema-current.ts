import { SchemaOutdatedError, SchemaTooNewError } from '../errors';
import { MIGRATIONS } from '../migrations/all';
import { readLedger, type Queryable } from './ledger';

/**
 * Checks, when an app starts, that the database has exactly the migrations this code knows.
 *
 * @throws {SchemaTooNewError} where it has more
 * @throws {SchemaOutdatedError} where it has fewer
 */
export async function assertSchemaCurrent(
  dataSource: Queryable,
  migrations: readonly { readonly name: string }[] = MIGRATIONS,
): Promise<void> {
  const applied = (await readLedger(dataSource)).map(({ name }) => name);
  const known = migrations.map(({ name }) => name);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new SchemaTooNewError(unknown);
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length > 0) throw new SchemaOutdatedError(missing);
}
