import { newId } from '@askflash/config';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { writeTransitions, type NewTask, type TransitionWrites } from '../src/index';
import { explanation, nodesOf, type PlanNode } from './plans';
import { aTask, useDatabase } from './support';

const database = useDatabase();

/** As the coordinator has it, on one connection: what it prepares can be explained there. */
const connect = () => database.connect({ plansForGrowth: true, poolSize: 1 });

/** PostgreSQL makes plans of a statement for its parameters five times before it keeps one. */
const RUNS = 8;

const whole = (task: NewTask, made: NewTask): TransitionWrites => ({
  created: [made],
  changes: [
    { ...task, status: 'in_progress', fromSeq: task.eventSeq, eventSeq: task.eventSeq + 1 },
  ],
  events: [
    {
      ...{ taskId: made.id, seq: 1, type: 'task.created', stage: null, attempt: null },
      ...{ data: {}, at: new Date() },
    },
  ],
  attempts: [
    {
      ...{ id: newId(), taskId: made.id, stage: 'embedding_lookup', attempt: 1, agent: 'a' },
      ...{ instanceId: newId(), outcome: 'completed', errorCode: null },
      ...{ durationMs: 1, queueWaitMs: null },
    },
  ],
  messages: [{ id: newId(), taskId: made.id, type: 'x', payload: {}, traceparent: null }],
  leaseMs: 0,
  confirmed: [newId()],
});

/** Writes until the plan is one for any parameters, each time something else. */
async function prepare(dataSource: DataSource): Promise<void> {
  for (let run = 0; run < RUNS; run += 1) {
    const task = aTask();
    const writes = whole(task, aTask());
    await writeTransitions(dataSource, { created: [task] });
    await writeTransitions(dataSource, writes);
    await writeTransitions(dataSource, { changes: writes.changes });
    await writeTransitions(dataSource, { confirmed: [newId()] });
  }
}

const statements = z.array(z.object({ name: z.string(), parameters: z.number() }));

/** Plans of all that is prepared, for any parameters. */
async function genericPlans(dataSource: DataSource): Promise<Map<string, PlanNode>> {
  const prepared = statements.parse(
    await dataSource.query(
      `SELECT name, cardinality(parameter_types) AS parameters FROM pg_prepared_statements
        WHERE name LIKE 'write %'`,
    ),
  );
  await dataSource.query(`SET plan_cache_mode = force_generic_plan`);
  const plans = new Map<string, PlanNode>();
  for (const { name, parameters } of prepared) {
    const values = Array.from({ length: parameters }, () => `'[]'`).join(', ');
    const explained = await dataSource.query(`EXPLAIN (FORMAT JSON) EXECUTE "${name}" (${values})`);
    plans.set(name, explanation.parse(explained)[0]['QUERY PLAN'][0].Plan);
  }
  return plans;
}

const TABLES = new Set(['task_histories', 'task_outbox', 'task_stage_logs', 'agent_performance']);

/** Where rows of a table are looked for other than by what an index has of them. */
const scansOf = (plan: PlanNode) =>
  nodesOf(plan)
    .filter((node) => TABLES.has(node['Relation Name'] ?? '') && node['Node Type'].includes('Scan'))
    .filter((node) => !node['Node Type'].startsWith('Bitmap') && !node['Index Cond'])
    .map((node) => `${node['Node Type']} of ${node['Relation Name']}`);

async function expectIndexes(dataSource: DataSource): Promise<void> {
  const plans = await genericPlans(dataSource);
  expect(plans.size).toBeGreaterThanOrEqual(4);
  for (const [name, plan] of plans) expect([name, scansOf(plan)]).toEqual([name, []]);
  const nodes = [...plans.values()].flatMap(nodesOf);
  // Each row with each: what is cheap for the rows expected is not for a large batch.
  expect(nodes.flatMap((node) => node['Join Filter'] ?? [])).toEqual([]);
  const indexes = nodes.flatMap((node) => node['Index Name'] ?? []);
  expect(new Set(indexes)).toEqual(new Set(['task_histories_pkey', 'task_outbox_pkey']));
}

it('plans that are made while the tables are empty look tasks up by their index', async () => {
  const dataSource = await connect();
  await prepare(dataSource);
  await database.dataSource.query('TRUNCATE task_histories CASCADE');
  await expectIndexes(dataSource);
});

it('so do plans that are made on many tasks, and those of before once there are many', async () => {
  const before = await connect();
  await prepare(before);
  for (let batch = 0; batch < 10; batch += 1) {
    const created = Array.from({ length: 1_000 }, () => aTask());
    const messages = created.map(({ id: taskId }) => ({
      ...{ id: newId(), taskId, type: 'x', payload: {}, traceparent: null },
    }));
    await writeTransitions(database.dataSource, { created, messages });
  }
  await expectIndexes(before);
  await database.dataSource.query('VACUUM ANALYZE');
  await expectIndexes(before);
  const after = await connect();
  await prepare(after);
  await expectIndexes(after);
});
