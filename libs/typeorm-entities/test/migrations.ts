import { SqlMigration } from '../src/index';

/** A migration for a spec. */
export function migration(
  name: string,
  applyStatements: readonly string[],
  revertStatements: readonly string[] = [],
  { transaction = true } = {},
): SqlMigration {
  return new (class extends SqlMigration {
    readonly name = name;
    override readonly transaction = transaction;
    readonly applyStatements = applyStatements;
    readonly revertStatements = revertStatements;
  })();
}

export const ALPHA = migration(
  'Alpha1700000000001',
  ['CREATE TABLE alpha (id int PRIMARY KEY)'],
  ['DROP TABLE alpha'],
);
export const BETA = migration(
  'Beta1700000000002',
  ['CREATE TABLE beta (id int PRIMARY KEY)'],
  ['DROP TABLE beta'],
);
export const GAMMA = migration(
  'Gamma1700000000003',
  ['CREATE TABLE gamma (id int PRIMARY KEY)'],
  ['DROP TABLE gamma'],
);
