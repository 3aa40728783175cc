import { newId } from '@askflash/config';
import {
  HealthCondition,
  closeConditions,
  eventOf,
  leaseNotifications,
  openConditions,
  postponeNotification,
  selectClosedConditions,
  selectOpenConditions,
  settleNotification,
  touchConditions,
  type ConditionClosing,
  type LeasedNotification,
  type NewCondition,
} from '../src/index';
import { useDatabase } from './support';

const database = useDatabase();
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const LEASE = { limit: 10, leaseMs: 60_000 };

beforeEach(() => database.dataSource.query('TRUNCATE health_conditions'));

const aCondition = (overrides: Partial<NewCondition> = {}): NewCondition => ({
  id: newId(),
  name: 'queue_stuck',
  subject: 'executor.task',
  severity: 'critical',
  summary: 'It grows',
  value: 12.5,
  threshold: null,
  openedAt: ago(60),
  lastSeenAt: ago(60),
  closedAt: null,
  notified: null,
  ...overrides,
});
const open = (conditions: NewCondition[], notify = true) =>
  openConditions(database.manager, conditions, { notify });
const close = (closing: Partial<ConditionClosing> = {}, notify = true) =>
  closeConditions(
    database.manager,
    [
      {
        name: 'queue_stuck',
        subject: 'executor.task',
        closedAt: new Date(),
        notified: false,
        ...closing,
      },
    ],
    { notify },
  );
const lease = () => leaseNotifications(database.manager, LEASE);
const row = (id: string) => database.manager.findOneByOrFail(HealthCondition, { id });
const makeDue = () => database.dataSource.query('UPDATE health_conditions SET notify_at = now()');

async function leaseOne(): Promise<LeasedNotification> {
  const [leased, ...others] = await lease();
  expect(others).toEqual([]);
  if (!leased) throw new Error('Nothing was due');
  return leased;
}

describe('conditions', () => {
  it('are kept as they are opened, touched and closed', async () => {
    const condition = aCondition();
    const { id, name, subject } = condition;
    expect(await open([condition])).toEqual([{ id, name, subject }]);
    expect(await selectOpenConditions(database.manager)).toEqual([
      expect.objectContaining(condition),
    ]);
    const sighting = { name, subject, summary: 'It still grows', value: 20, lastSeenAt: ago(10) };
    expect(await touchConditions(database.manager, [sighting])).toEqual([]);
    const closedAt = new Date();
    expect(await close({ closedAt })).toEqual([{ id, name, subject }]);
    expect(await selectOpenConditions(database.manager)).toEqual([]);
    expect(await selectClosedConditions(database.manager, { limit: 5 })).toEqual([
      expect.objectContaining({ ...condition, ...sighting, closedAt }),
    ]);
  });

  it('are opened by whoever is first, and written once', async () => {
    const first = aCondition();
    const second = aCondition({ lastSeenAt: ago(5) });
    const other = aCondition({ subject: 'intent.task' });
    await open([first]);
    const rows = await open([second, other]);
    expect(rows.map(({ id }) => id).sort()).toEqual([first.id, other.id].sort());
    expect(await row(first.id)).toMatchObject({ lastSeenAt: second.lastSeenAt });
    await close();
    // As after a commit whose answer was lost.
    expect(await open([first])).toEqual([]);
    expect(await database.manager.count(HealthCondition)).toBe(2);
  });

  it('are opened once by many at the same time, and closed once', async () => {
    const conditions = Array.from({ length: 8 }, () =>
      ['a', 'b', 'c', 'd'].map((subject) => aCondition({ subject })),
    );
    const opened = await Promise.all(
      conditions.map((each, index) => open(index % 2 ? each : [...each].reverse())),
    );
    expect(new Set(opened.flat().map(({ id }) => id)).size).toBe(4);
    const closed = await Promise.all(
      conditions.map(() =>
        closeConditions(
          database.manager,
          ['d', 'b', 'c', 'a'].map((subject) => ({
            name: 'queue_stuck',
            subject,
            closedAt: new Date(),
            notified: false,
          })),
          { notify: true },
        ),
      ),
    );
    expect(closed.flat()).toHaveLength(4);
  });

  it('are not closed by what is older than they', async () => {
    await open([aCondition({ openedAt: ago(5) })]);
    expect(await close({ closedAt: ago(10) })).toEqual([]);
  });

  it('tell which nobody keeps, though they are found', async () => {
    const condition = aCondition();
    const sighting = { ...condition, lastSeenAt: ago(10) };
    const touch = (lastSeenAt: Date) =>
      touchConditions(database.manager, [{ ...sighting, lastSeenAt }]);
    const { name, subject } = condition;
    expect(await touch(ago(10))).toEqual([{ name, subject }]);
    await open([condition]);
    await close({ closedAt: ago(5) });
    expect(await touch(ago(10))).toEqual([]);
    expect(await touch(ago(1))).toEqual([{ name, subject }]);
  });
});

describe('notifications', () => {
  it('are due as soon as a condition opens, then as soon as it closes', async () => {
    const { id } = aCondition();
    await open([aCondition({ id })]);
    const opened = await leaseOne();
    expect(opened).toMatchObject({ id, notifyAttempts: 1, value: 12.5, closedAt: null });
    expect(eventOf(opened)).toBe('opened');
    expect(await lease()).toEqual([]);
    await settleNotification(database.manager, opened);
    expect(await row(id)).toMatchObject({ notified: 'opened', notifyAt: null, notifyAttempts: 0 });
    await close();
    const closed = await leaseOne();
    expect(eventOf(closed)).toBe('closed');
    await settleNotification(database.manager, closed);
    expect(await row(id)).toMatchObject({ notified: 'closed', notifyAt: null });
  });

  it('tell both events, in their order, of a condition that is over before either was told', async () => {
    await open([aCondition()]);
    await close();
    const events: string[] = [];
    for (let [leased] = await lease(); leased; [leased] = await lease()) {
      events.push(eventOf(leased));
      await settleNotification(database.manager, leased);
    }
    expect(events).toEqual(['opened', 'closed']);
  });

  it('are left out where there is no webhook, or where it knows', async () => {
    await open([aCondition()], false);
    await open([aCondition({ subject: 'a', notified: 'opened' })]);
    await open([
      aCondition({ subject: 'b', notified: 'opened' }),
      aCondition({ subject: 'c', notified: 'closed', closedAt: new Date() }),
    ]);
    await close({}, false);
    await close({ subject: 'b', notified: true });
    expect(await lease()).toEqual([]);
    await open([aCondition({ subject: 'd', notified: 'opened', closedAt: new Date() })]);
    expect(eventOf(await leaseOne())).toBe('closed');
  });

  it('come again after a while', async () => {
    await open([aCondition()]);
    const leased = await leaseOne();
    await postponeNotification(database.manager, leased, 3_600_000);
    expect(await lease()).toEqual([]);
    await makeDue();
    expect(await leaseOne()).toMatchObject({ notifyAttempts: 2 });
  });

  it('are not touched by who has lost the lease', async () => {
    const { id } = aCondition();
    await open([aCondition({ id })]);
    const late = await leaseOne();
    await makeDue();
    const current = await leaseOne();
    await settleNotification(database.manager, late);
    await postponeNotification(database.manager, late, 1);
    expect(await row(id)).toMatchObject({ notified: null, notifyAttempts: 2 });
    await settleNotification(database.manager, current);
    expect(await row(id)).toMatchObject({ notified: 'opened' });
  });

  it('are leased by one process each', async () => {
    await open(Array.from({ length: 40 }, (_, index) => aCondition({ subject: `${index}` })));
    const leases = await Promise.all(Array.from({ length: 8 }, lease));
    const ids = leases.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(40);
  });
});
