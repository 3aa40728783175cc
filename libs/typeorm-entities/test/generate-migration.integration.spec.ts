import { ModuleKind, transpileModule } from 'typescript';
import { Migrator, SqlMigration, compareWithEntities, type SchemaDifference } from '../src/index';
import { addToList, nameMigration, renderMigration } from '../tools/render-migration';
import { useDatabase } from './support';

const database = useDatabase({ migrated: false });
const NAMED = nameMigration('AddFullTags', new Date(1_764_000_000_123));

/** The migration that a generated file holds. */
function load(difference: SchemaDifference): SqlMigration {
  const source = renderMigration(NAMED.className, difference);
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: 9 },
  });
  const module: Record<string, new () => unknown> = {};
  new Function('exports', 'require', outputText)(module, () => ({ SqlMigration }));
  const Generated = module[NAMED.className];
  const migration = Generated === undefined ? undefined : new Generated();
  if (migration instanceof SqlMigration) return migration;
  throw new Error(`The file has no migration:\n${source}`);
}

it('what is generated brings a database to the entities, and back', async () => {
  const difference = await compareWithEntities(database.dataSource);
  const migration = load(difference);
  const migrator = new Migrator(database.dataSource, { migrations: [migration] });

  expect((await migrator.up()).applied).toEqual([NAMED.className]);
  expect((await compareWithEntities(database.dataSource)).apply).toEqual([]);

  await migrator.down();
  expect((await compareWithEntities(database.dataSource)).apply).toEqual(difference.apply);
});

it('statements survive being written as source', () => {
  const apply = ['SELECT `a`, $1, ${b}, $${c}', String.raw`SELECT E'\n\\'`];
  expect(load({ apply, revert: ['x'] }).applyStatements).toEqual(apply);
});

it('a migration is named for what it does and when it was made', () => {
  expect(NAMED).toEqual({
    className: 'AddFullTags1764000000123',
    file: '1764000000123-add-full-tags',
  });
  expect(renderMigration(NAMED.className, { apply: [], revert: [] })).toContain(
    '/** Add full tags. */',
  );
});

it.each([
  ['one', `[new A1()];`],
  ['several', `[\n  new A1(),\n];`],
])('is put at the end of a list of %s', (_what, list) => {
  const source = `import type { X } from 'x';\nimport { A1 } from './a';\n\n/** All. */\nexport const M: readonly X[] = ${list}\n`;
  expect(addToList(source, 'B2', 'b')).toBe(
    `import type { X } from 'x';\nimport { A1 } from './a';\nimport { B2 } from './b';\n\n/** All. */\nexport const M: readonly X[] = [\n  new A1(),\n  new B2(),\n];\n`,
  );
});
