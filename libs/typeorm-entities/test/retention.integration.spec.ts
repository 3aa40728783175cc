import { newId } from '@askflash/config';
import {
  AgentHealth,
  HealthCondition,
  deleteClosedConditions,
  deleteGoneInstances,
  takeRetentionTurn,
} from '../src/index';
import { useDatabase } from './support';

const database = useDatabase();
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const LIMIT = daysAgo(7);

beforeEach(() => database.dataSource.query('TRUNCATE health_conditions, agent_health'));

it('deletes conditions that are over for long, and whose end the webhook knows', async () => {
  const insert = async (closedAt: Date | null, notifyAt: Date | null = null) => {
    const { identifiers } = await database.manager.insert(HealthCondition, {
      id: newId(),
      name: 'queue_stuck',
      subject: newId(),
      severity: 'critical',
      summary: 'It grows',
      openedAt: daysAgo(30),
      closedAt,
      notifyAt,
    });
    return identifiers[0]?.['id'];
  };
  await insert(daysAgo(8));
  await insert(daysAgo(9));
  await insert(daysAgo(10));
  const kept = [await insert(null), await insert(daysAgo(6)), await insert(daysAgo(8), new Date())];
  const deleteSome = () =>
    deleteClosedConditions(database.manager, { closedBefore: LIMIT, limit: 2 });
  expect([await deleteSome(), await deleteSome(), await deleteSome()]).toEqual([2, 1, 0]);
  const left = await database.manager.find(HealthCondition, { order: { id: 'ASC' } });
  expect(left.map(({ id }) => id)).toEqual(kept);
});

it('deletes instances that nothing was heard of for long', async () => {
  const insert = (lastSeenAt: Date) =>
    database.manager.insert(AgentHealth, {
      instanceId: newId(),
      agent: 'executor',
      version: '1.0.0',
      status: 'unknown',
      queue: 'executor.task',
      stages: [],
      startedAt: daysAgo(30),
      lastSeenAt,
      intervalMs: 5000,
    });
  await insert(daysAgo(8));
  await insert(daysAgo(6));
  const deleteSome = () => deleteGoneInstances(database.manager, { seenBefore: LIMIT, limit: 10 });
  expect([await deleteSome(), await deleteSome()]).toEqual([1, 0]);
  expect(await database.manager.count(AgentHealth)).toBe(1);
});

it('gives the turn to one at a time, and limits its statements only', async () => {
  const OPTIONS = { statementTimeoutMs: 1234 };
  const timeout = async (manager = database.manager) => {
    const [{ statement_timeout: value }] = await manager.query('SHOW statement_timeout');
    return value;
  };
  const before = await timeout();
  await database.dataSource.transaction(async (manager) => {
    expect(await takeRetentionTurn(manager, OPTIONS)).toBe(true);
    expect(await timeout(manager)).toBe('1234ms');
    await database.dataSource.transaction(async (other) => {
      expect(await takeRetentionTurn(other, OPTIONS)).toBe(false);
    });
  });
  expect(await timeout()).toBe(before);
  await database.dataSource.transaction(async (manager) => {
    expect(await takeRetentionTurn(manager, OPTIONS)).toBe(true);
  });
});
