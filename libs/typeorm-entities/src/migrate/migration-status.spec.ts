import fc from 'fast-check';
import { MigrationsInvalidError, SchemaTooNewError } from '../errors';
import { assertValid, compareWithLedger, problemsOf } from './migration-status';
import { SqlMigration } from './sql-migration';

class Step extends SqlMigration {
  readonly revertStatements = [];
  constructor(
    readonly name: string,
    readonly applyStatements = [`-- ${name}`],
  ) {
    super();
  }
}

const [A, B, C] = [new Step('A'), new Step('B'), new Step('C')];
const entry = ({ name, checksum }: SqlMigration) => ({ name, checksum, appliedAt: new Date(0) });
const states = (migrations: SqlMigration[], applied: SqlMigration[]) =>
  compareWithLedger(migrations, applied.map(entry)).map(({ name, state }) => `${name} ${state}`);

describe('compareWithLedger', () => {
  it('tells applied from pending', () => {
    expect(states([A, B], [A])).toEqual(['A applied', 'B pending']);
    expect(states([A, B], [])).toEqual(['A pending', 'B pending']);
  });

  it('tells what was skipped, edited, or is not known', () => {
    expect(states([A, B], [B])).toEqual(['A missing', 'B applied']);
    expect(states([new Step('A', ['-- edited'])], [A])).toEqual(['A changed']);
    expect(states([A], [A, B])).toEqual(['A applied', 'B unknown']);
  });

  it('finds no problem exactly where the ledger is the beginning of the list', () => {
    const list = [A, B, C];
    fc.assert(
      fc.property(fc.subarray(list), (applied) => {
        const isBeginning = applied.every((migration, index) => migration === list[index]);
        const problems = problemsOf(compareWithLedger(list, applied.map(entry)));
        expect(problems.length === 0).toBe(isBeginning);
      }),
    );
  });
});

describe('assertValid', () => {
  const check = (migrations: SqlMigration[], applied: SqlMigration[]) => () =>
    assertValid(compareWithLedger(migrations, applied.map(entry)));

  it('takes what is only behind', () => {
    expect(check([A, B], [A])).not.toThrow();
  });

  it('tells a database that is ahead from one that contradicts', () => {
    expect(check([A], [A, B])).toThrow(SchemaTooNewError);
    expect(check([A, C], [B, C])).toThrow(MigrationsInvalidError);
    expect(check([A, C], [B, C])).toThrow('A is missing; B is unknown');
  });
});

describe('a checksum', () => {
  it('is that of the statements that apply it, white space at their ends aside', () => {
    expect(new Step('A', ['SELECT 1']).checksum).toBe(new Step('B', ['\n SELECT 1 ']).checksum);
    expect(new Step('A', ['SELECT 1']).checksum).not.toBe(new Step('A', ['SELECT  1']).checksum);
    expect(new Step('A', ['1', '2']).checksum).not.toBe(new Step('A', ['2', '1']).checksum);
  });
});
