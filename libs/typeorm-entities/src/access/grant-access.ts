import type { Login } from '@askflash/config';
import type { QueryRunner } from 'typeorm';
import { z } from 'zod';
import { DATABASE_ROLES, type DatabaseRole } from './roles';
import { scramVerifier } from './scram-verifier';

const places = z.tuple([z.object({ database: z.string(), schema: z.string() })]);
const roles = z.array(z.object({ name: z.string() }));

/**
 * Makes a role of each login whose app uses the database, with the privileges it needs and no others,
 * and lets nobody else in. All of it is one transaction, and may be run again: passwords, privileges
 * and time-outs are then what they are by now.
 *
 * @param queryRunner connected as the owner of the tables, who may make roles
 * @returns the roles
 */
export async function grantAccess(
  queryRunner: QueryRunner,
  logins: readonly Login[],
): Promise<string[]> {
  const granted = logins.flatMap(({ user, password }) => {
    const role = DATABASE_ROLES.find(({ name }) => name === user);
    return role ? [{ role, password }] : [];
  });
  if (granted.length === 0) return [];
  const [{ database, schema }] = places.parse(
    await queryRunner.query('SELECT current_database() AS database, current_schema() AS schema'),
  );
  const found = roles.parse(await queryRunner.query('SELECT rolname AS name FROM pg_roles'));
  const place = { database: quote(database), schema: quote(schema) };
  const statements = [
    `REVOKE ALL ON DATABASE ${place.database} FROM PUBLIC`,
    `REVOKE ALL ON SCHEMA ${place.schema} FROM PUBLIC`,
    ...granted.flatMap(({ role, password }) => [
      ...(found.some(({ name }) => name === role.name) ? [] : [`CREATE ROLE ${quote(role.name)}`]),
      `ALTER ROLE ${quote(role.name)} LOGIN PASSWORD '${scramVerifier(password)}'`,
      ...statementsFor(role, place),
    ]),
  ];
  await queryRunner.startTransaction();
  try {
    for (const statement of statements) await queryRunner.query(statement);
    await queryRunner.commitTransaction();
  } catch (error) {
    await queryRunner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
  return granted.map(({ role }) => role.name);
}

function statementsFor(
  { name, privileges, memberOf, settings }: DatabaseRole,
  { database, schema }: { readonly database: string; readonly schema: string },
): string[] {
  const role = quote(name);
  return [
    `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
    // What an earlier version needed goes; privileges on columns go with those on their table.
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${role}`,
    ...Object.entries(privileges).map(
      ([table, rights]) => `GRANT ${rights.join(', ')} ON ${schema}.${quote(table)} TO ${role}`,
    ),
    ...memberOf.map((group) => `GRANT ${group} TO ${role}`),
    ...Object.entries(settings).map(
      ([setting, value]) =>
        `ALTER ROLE ${role} IN DATABASE ${database} SET ${setting} = '${value}'`,
    ),
  ];
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
