import { createTestDatabase, eventually, type TestDatabase } from '@askflash/testing';
import { HealthCondition } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { JournalOptions } from '../src/conditions/condition-journal';
import {
  aCondition,
  closed,
  connect,
  opened,
  seen,
  startJournal,
  withoutNotices,
  type TestJournal,
} from './journals';

describe('the journal of conditions', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let journals: TestJournal[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    dataSource = await connect(database.url, { migrate: true });
  });
  beforeEach(() => dataSource.query('TRUNCATE health_conditions'));
  afterEach(async () => {
    await Promise.all(journals.map((each) => each.stop()));
    journals = [];
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const start = (options: Partial<JournalOptions> = {}) => {
    const journal = startJournal(dataSource, { journal: options });
    journals.push(journal);
    return journal;
  };
  const rows = () => dataSource.manager.find(HealthCondition, { order: { openedAt: 'ASC' } });
  const breakDatabase = () =>
    dataSource.query('ALTER TABLE health_conditions RENAME TO health_conditions_away');
  const mendDatabase = () =>
    dataSource.query('ALTER TABLE health_conditions_away RENAME TO health_conditions');

  it('keeps what opens and closes, and goes on with it in another run', async () => {
    const condition = aCondition();
    const { journal, logged } = start();
    await journal.record(opened(condition));
    const next = start().journal;
    expect(await next.load()).toEqual([expect.objectContaining(condition)]);
    const closing = closed(condition);
    await next.record(closing);
    expect(await next.load()).toEqual([]);
    expect((await next.history(5)).map(withoutNotices)).toEqual(closing.closed);
    expect(logged).toEqual([{ event: 'opened', id: condition.id }]);
  });

  it('lets one of several monitors open, and one close, under one id', async () => {
    const monitors = [start(), start(), start()];
    const conditions = monitors.map(() => aCondition());
    await Promise.all(
      monitors.map(({ journal }, index) =>
        journal.record(opened(...conditions.slice(index, index + 1))),
      ),
    );
    await Promise.all(
      monitors.map(({ journal }, index) =>
        journal.record(closed(...conditions.slice(index, index + 1))),
      ),
    );
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(monitors.flatMap(({ logged }) => logged)).toEqual(
      expect.arrayContaining([
        { event: 'opened', id: row?.id },
        { event: 'closed', id: row?.id },
      ]),
    );
    expect(monitors.flatMap(({ logged }) => logged)).toHaveLength(2);
  });

  it('notes what is found again, not more often than it should', async () => {
    const condition = aCondition();
    const { journal } = start({ sightingIntervalMs: 1_000 });
    const at = (ms: number, value: number) => ({
      ...condition,
      value,
      lastSeenAt: new Date(condition.lastSeenAt.getTime() + ms),
    });
    await journal.record(opened(condition));
    await journal.record(seen(at(999, 13)));
    expect(await rows()).toMatchObject([{ value: 12, lastSeenAt: condition.lastSeenAt }]);
    await journal.record(seen(at(1_000, 14)));
    expect(await rows()).toMatchObject([{ value: 14, lastSeenAt: at(1_000, 0).lastSeenAt }]);
  });

  it('sends nothing where nothing changes', async () => {
    const query = jest.spyOn(dataSource, 'transaction');
    await start().journal.record({ opened: [], seen: [], closed: [] });
    expect(query).not.toHaveBeenCalled();
    query.mockRestore();
  });

  it('opens again what another monitor has closed and it still finds', async () => {
    const [one, other] = [start({ sightingIntervalMs: 0 }), start()];
    const condition = aCondition({ openedAt: new Date(Date.now() - 60_000) });
    await one.journal.record(opened(condition));
    await other.journal.record(closed(condition));
    const again = { ...condition, lastSeenAt: new Date(Date.now() + 1_000) };
    await one.journal.record(seen(again));
    const [, row] = await rows();
    expect(row).toMatchObject({ openedAt: again.lastSeenAt, closedAt: null });
    expect(one.logged.at(-1)).toEqual({ event: 'opened', id: row?.id });
    await one.journal.record({
      opened: [],
      seen: [],
      closed: [{ ...again, closedAt: new Date(Date.now() + 2_000) }],
    });
    expect(one.logged.at(-1)).toEqual({ event: 'closed', id: row?.id });
  });

  it('tells at once what it cannot write, and writes it later as it was', async () => {
    const { journal, logged } = start({ patienceMs: 50 });
    const [before, short, lasting] = ['a', 'b', 'c'].map((subject) => aCondition({ subject }));
    if (!before || !short || !lasting) throw new Error('unreachable');
    await journal.record(opened(before));
    const [ofBefore, ofShort] = [closed(before), closed(short)];
    await breakDatabase();
    try {
      await journal.record(opened(short, lasting));
      await journal.record(ofBefore);
      await journal.record(ofShort);
      await journal.record(seen({ ...lasting, value: 99 }));
      expect(logged).toEqual([
        { event: 'opened', id: before.id },
        { event: 'opened', id: short.id },
        { event: 'opened', id: lasting.id },
        { event: 'closed', id: before.id },
        { event: 'closed', id: short.id },
      ]);
    } finally {
      await mendDatabase();
    }
    await eventually(async () => (await rows()).length === 3);
    const written = (await rows()).map(withoutNotices);
    expect(written).toEqual(
      expect.arrayContaining([
        ...ofBefore.closed,
        ...ofShort.closed,
        expect.objectContaining({ id: lasting.id, closedAt: null }),
      ]),
    );
    expect(logged).toHaveLength(5);
  });

  it('closes what another monitor opened while it could not write', async () => {
    const [one, other] = [start({ retryMs: 60_000 }), start()];
    const [condition, same] = [aCondition(), aCondition()];
    const closing = closed(condition);
    await breakDatabase();
    try {
      await one.journal.record(opened(condition));
      await one.journal.record(closing);
    } finally {
      await mendDatabase();
    }
    await other.journal.record(opened({ ...same, openedAt: condition.openedAt }));
    await one.journal.record(seen());
    expect(await rows()).toMatchObject([{ id: same.id, closedAt: closing.closed[0]?.closedAt }]);
  });

  it('does not hold its caller up where PostgreSQL is slow', async () => {
    const { journal, logged } = start({ patienceMs: 50 });
    const condition = aCondition();
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE health_conditions');
    try {
      await journal.record(opened(condition));
      expect(logged).toEqual([{ event: 'opened', id: condition.id }]);
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    await eventually(async () => (await rows()).length === 1);
    expect(logged).toHaveLength(1);
  });
});
