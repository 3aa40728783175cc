import { MIGRATIONS } from './all';

describe('the migrations', () => {
  const names = MIGRATIONS.map(({ name }) => name);

  it('are named for what they do and when they were made, each once', () => {
    expect(names.filter((name) => !/^[A-Z][A-Za-z0-9]*[A-Za-z]\d{13}$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('stand in the order they were made', () => {
    const times = names.map((name) => Number(name.slice(-13)));
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('can be repeated where they have no transaction', () => {
    const repeatable = MIGRATIONS.filter(({ transaction }) => !transaction)
      .flatMap(({ revertStatements }) => revertStatements)
      .filter((statement) => !/IF EXISTS/i.test(statement));
    expect(repeatable).toEqual([]);
  });

  it('can all be reverted', () => {
    const lasting = MIGRATIONS.filter(
      ({ applyStatements, revertStatements }) =>
        applyStatements.length > 0 && revertStatements.length === 0,
    );
    expect(lasting).toEqual([]);
  });
});
