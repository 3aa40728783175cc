import type { DataSource } from 'typeorm';
import { Migrator, TaskDagTemplate, jsonChecksum, selectTemplate } from '../src/index';
import { TEMPLATE, useDatabase } from './support';

const database = useDatabase();
const V2 = { ...TEMPLATE, version: 2 };
const seed = async (...templates: (typeof TEMPLATE)[]) => {
  const { templates: seeded } = await new Migrator(database.dataSource, { templates }).up();
  return seeded.map(({ version, outcome }) => `v${version} ${outcome}`);
};
const inForce = async () => (await selectTemplate(database.manager, TEMPLATE.name))?.version;
const edit = (dataSource: DataSource, version: number) =>
  dataSource.query(
    `UPDATE task_dag_templates SET definition = definition || '{"stages": []}' WHERE version = $1`,
    [version],
  );

beforeEach(async () => {
  await database.manager.clear(TaskDagTemplate, { cascade: true });
  expect(await seed(TEMPLATE)).toEqual(['v1 inserted']);
});

it('stores the whole template under a checksum that the order of keys does not change', async () => {
  const stored = await selectTemplate(database.manager, TEMPLATE.name);
  expect(stored).toMatchObject({ definition: TEMPLATE, origin: 'seed', active: true });
  const { stages, ...rest } = JSON.parse(JSON.stringify(TEMPLATE));
  expect(stored?.checksum).toBe(jsonChecksum({ stages, ...rest }));
});

it('changes nothing when it is repeated', async () => {
  const before = await database.manager.find(TaskDagTemplate);
  expect(await seed(TEMPLATE)).toEqual(['v1 unchanged']);
  expect(await database.manager.find(TaskDagTemplate)).toEqual(before);
});

it('adds a newer version, which new tasks get; the old one stays', async () => {
  expect(await seed(TEMPLATE, V2)).toEqual(['v1 unchanged', 'v2 inserted']);
  expect(await inForce()).toBe(2);
  expect(await selectTemplate(database.manager, TEMPLATE.name, 1)).toMatchObject({ version: 1 });
});

it('never overwrites a template that a user edited', async () => {
  await edit(database.dataSource, 1);
  expect(await seed(TEMPLATE)).toEqual(['v1 kept']);
  expect(await selectTemplate(database.manager, TEMPLATE.name)).toMatchObject({
    definition: { ...TEMPLATE, stages: [] },
  });
});

it('keeps an edited template in force when a newer version comes', async () => {
  await edit(database.dataSource, 1);
  expect(await seed(TEMPLATE, V2)).toEqual(['v1 kept', 'v2 set_aside']);
  expect(await inForce()).toBe(1);
});

it('keeps a user’s own version, also where a default of that number comes', async () => {
  const definition = { ...TEMPLATE, version: 2, stages: [{ name: 'moderation' }] };
  await database.dataSource.query(
    `INSERT INTO task_dag_templates (name, version, description, definition, origin, checksum)
     VALUES ($1, 2, 'mine', $2, 'user', 'x')`,
    [TEMPLATE.name, JSON.stringify(definition)],
  );
  expect(await seed(TEMPLATE, V2, { ...TEMPLATE, version: 3 })).toEqual([
    'v1 unchanged',
    'v2 kept',
    'v3 set_aside',
  ]);
  expect(await selectTemplate(database.manager, TEMPLATE.name)).toMatchObject({
    version: 2,
    origin: 'user',
    definition: { stages: [{ name: 'moderation' }] },
  });
});
