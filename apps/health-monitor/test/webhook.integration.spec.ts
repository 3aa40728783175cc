import {
  createTestDatabase,
  eventually,
  startPrivateServers,
  type TestDatabase,
} from '@askflash/testing';
import { HealthCondition } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { DataSource } from 'typeorm';
import {
  aCondition,
  closed,
  connect,
  opened,
  startJournal,
  type TestJournal,
  type TestJournalOptions,
} from './journals';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver';

const ok = (response: ServerResponse) => response.writeHead(204).end();

/** Journals and receivers that a test starts, and their end. */
function useJournals() {
  let started: { stop(): Promise<void> }[] = [];
  beforeAll(() => Logger.overrideLogger(false));
  afterEach(async () => {
    for (const each of started.reverse()) await each.stop();
    started = [];
  });
  return {
    endLater: (stop: () => Promise<void>) => void started.push({ stop }),
    start: (dataSource: DataSource, options?: TestJournalOptions): TestJournal => {
      const journal = startJournal(dataSource, options);
      started.push(journal);
      return journal;
    },
    receive: async (
      ...answer: Parameters<typeof startWebhookReceiver>
    ): Promise<WebhookReceiver> => {
      const receiver = await startWebhookReceiver(...answer);
      started.push({ stop: receiver.close });
      return receiver;
    },
  };
}

describe('the webhook', () => {
  const journals = useJournals();
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database.url, { migrate: true });
  });
  beforeEach(() => dataSource.query('TRUNCATE health_conditions'));
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const row = (id: string) => dataSource.manager.findOneByOrFail(HealthCondition, { id });
  const outcomes = async ({ registry }: TestJournal) =>
    Object.fromEntries(
      (await registry.getMetricsAsJSON()).flatMap(({ values }) =>
        values.map(({ labels, value }) => [labels['outcome'], value]),
      ),
    );

  it('is told what opens and what closes, signed', async () => {
    const receiver = await journals.receive();
    const monitor = journals.start(dataSource, { webhookUrl: receiver.url });
    const condition = aCondition();
    await monitor.journal.record(opened(condition));
    await eventually(() => receiver.received.length === 1);
    const closing = closed(condition);
    await monitor.journal.record(closing);
    await eventually(() => receiver.received.length === 2);
    const { id, name, subject, severity, summary, value, threshold, openedAt } = condition;
    const told = {
      ...{ id, name, subject, severity, summary, value, threshold },
      openedAt: openedAt.toISOString(),
      runbookUrl: 'http://monitor.test:8004/runbooks/queue-stuck',
    };
    const closedAt = closing.closed[0]?.closedAt.toISOString();
    expect(receiver.received).toEqual([
      {
        messageId: `${condition.id}.opened`,
        type: 'condition.opened',
        timestamp: openedAt.toISOString(),
        data: { ...told, closedAt: null },
      },
      {
        messageId: `${condition.id}.closed`,
        type: 'condition.closed',
        timestamp: closedAt,
        data: { ...told, closedAt },
      },
    ]);
    await eventually(async () => (await row(condition.id)).notified === 'closed');
    expect(await outcomes(monitor)).toEqual({ delivered: 2, failed: 0, given_up: 0 });
  });

  it('is told again where it fails, in order', async () => {
    let failures = 3;
    const receiver = await journals.receive((response) =>
      failures-- > 0 ? response.writeHead(500).end('no') : ok(response),
    );
    const delays: number[] = [];
    const monitor = journals.start(dataSource, {
      webhookUrl: receiver.url,
      notifications: { backoffMs: (attempts) => delays.push(attempts) * 10 },
    });
    const condition = aCondition();
    await monitor.journal.record(opened(condition));
    await monitor.journal.record(closed(condition));
    await eventually(async () => (await row(condition.id)).notified === 'closed');
    const { id } = condition;
    expect(receiver.ids()).toEqual([...Array(4).fill(`${id}.opened`), `${id}.closed`]);
    expect(delays).toEqual([1, 2, 3]);
    expect(await outcomes(monitor)).toEqual({ delivered: 2, failed: 3, given_up: 0 });
  });

  it('is told again where it hangs, and does not hold others up', async () => {
    const hanging: ServerResponse[] = [];
    const receiver = await journals.receive((response, { data }) =>
      data.subject === 'hang' && hanging.length < 1 ? hanging.push(response) : ok(response),
    );
    const monitor = journals.start(dataSource, { webhookUrl: receiver.url, timeoutMs: 2_000 });
    const [hangs, goes] = [aCondition({ subject: 'hang' }), aCondition()];
    await monitor.journal.record(opened(hangs, goes));
    await eventually(async () => (await row(hangs.id)).notified === 'opened');
    const told = receiver.ids();
    expect(told.filter((id) => id === `${hangs.id}.opened`)).toHaveLength(2);
    expect(told.indexOf(`${goes.id}.opened`)).toBeGreaterThanOrEqual(0);
    expect(told.indexOf(`${goes.id}.opened`)).toBeLessThan(told.lastIndexOf(`${hangs.id}.opened`));
  });

  it('is not told more where it is gone, or fails for too long; what comes next is told', async () => {
    const receiver = await journals.receive((response, { data, type }) => {
      if (type === 'condition.closed') return ok(response);
      return response.writeHead(data.subject === 'gone' ? 410 : 503).end();
    });
    const monitor = journals.start(dataSource, {
      webhookUrl: receiver.url,
      notifications: { backoffMs: (attempts) => (attempts < 3 ? 10 : undefined) },
    });
    const [gone, failing] = [aCondition({ subject: 'gone' }), aCondition()];
    await monitor.journal.record(opened(gone, failing));
    await monitor.journal.record(closed(gone, failing));
    for (const { id } of [gone, failing]) {
      await eventually(async () => (await row(id)).notified === 'closed');
    }
    const of = ({ id }: { id: string }) => receiver.ids().filter((each) => each.startsWith(id));
    expect(of(gone)).toEqual([`${gone.id}.opened`, `${gone.id}.closed`]);
    expect(of(failing)).toEqual([...Array(3).fill(`${failing.id}.opened`), `${failing.id}.closed`]);
    expect(await outcomes(monitor)).toEqual({ delivered: 2, failed: 4, given_up: 2 });
  });

  it('is not followed where it redirects', async () => {
    const elsewhere = await journals.receive();
    const receiver = await journals.receive((response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    const monitor = journals.start(dataSource, { webhookUrl: receiver.url });
    await monitor.journal.record(opened(aCondition()));
    await eventually(() => receiver.received.length > 2);
    expect(elsewhere.received).toEqual([]);
  });

  it('is told once by several monitors', async () => {
    const receiver = await journals.receive();
    const monitors = [1, 2, 3].map(() => journals.start(dataSource, { webhookUrl: receiver.url }));
    const subjects = Array.from({ length: 20 }, (_, index) => `queue-${index}`);
    const of = () => subjects.map((subject) => aCondition({ subject }));
    await Promise.all(monitors.map(({ journal }) => journal.record(opened(...of()))));
    await Promise.all(monitors.map(({ journal }) => journal.record(closed(...of()))));
    await eventually(async () => {
      const rows = await dataSource.manager.find(HealthCondition);
      return rows.every(({ notified }) => notified === 'closed');
    });
    const rows = await dataSource.manager.find(HealthCondition);
    const expected = rows.flatMap(({ id }) => [`${id}.opened`, `${id}.closed`]);
    expect(receiver.ids().sort()).toEqual(expected.sort());
    expect(rows).toHaveLength(20);
  });

  it('is told by the next run what the last one could not tell', async () => {
    const condition = aCondition();
    const away = await startWebhookReceiver();
    await away.close();
    const before = journals.start(dataSource, { webhookUrl: away.url });
    await before.journal.record(opened(condition));
    await eventually(async () => (await row(condition.id)).notifyAttempts > 1);
    await before.stop();
    const receiver = await journals.receive();
    journals.start(dataSource, { webhookUrl: receiver.url });
    await eventually(() => receiver.ids().includes(`${condition.id}.opened`));
  });

  it('is told by another monitor where one dies while it tells', async () => {
    const condition = aCondition();
    const hanging: ServerResponse[] = [];
    const receiver = await journals.receive((response) =>
      hanging.length === 0 ? hanging.push(response) : ok(response),
    );
    const notifications = { leaseMs: 2_000 };
    const frozen = journals.start(dataSource, { webhookUrl: receiver.url, notifications });
    await frozen.journal.record(opened(condition));
    await eventually(() => hanging.length === 1);
    journals.start(dataSource, { webhookUrl: receiver.url, notifications });
    await eventually(async () => (await row(condition.id)).notified === 'opened');
    hanging.forEach(ok);
    expect(receiver.ids()).toEqual(Array(2).fill(`${condition.id}.opened`));
  });
});

describe('the webhook while PostgreSQL is away', () => {
  const journals = useJournals();

  it('is told at once, and not again by PostgreSQL once that is back', async () => {
    const servers = await startPrivateServers({ only: ['postgres'] });
    journals.endLater(() => servers.stop());
    const dataSource = await connect(servers.env.DATABASE_URL, { migrate: true });
    journals.endLater(() => dataSource.destroy());
    let broken = true;
    const receiver = await journals.receive((response, { data }) =>
      broken && data.subject === 'later' ? response.writeHead(500).end() : ok(response),
    );
    const { journal } = journals.start(dataSource, { webhookUrl: receiver.url });
    const before = aCondition({ subject: 'before' });
    await journal.record(opened(before));
    await eventually(() => receiver.received.length === 1);

    await servers.postgres.stop();
    const outage = aCondition({ name: 'server_unreachable', subject: 'postgres' });
    const later = aCondition({ subject: 'later' });
    await journal.record(opened(outage));
    await eventually(() => receiver.ids().includes(`${outage.id}.opened`));
    await journal.record(closed(before));
    await eventually(() => receiver.ids().includes(`${before.id}.closed`));
    await journal.record(opened(later));
    await eventually(() => receiver.ids().includes(`${later.id}.opened`));

    await servers.postgres.start();
    const rows = await eventually(async () => {
      const found = await dataSource.manager.find(HealthCondition);
      return found.length === 3 && found;
    });
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: before.id, notified: 'closed', notifyAt: null }),
        expect.objectContaining({
          id: outage.id,
          notified: 'opened',
          notifyAt: null,
          openedAt: outage.openedAt,
        }),
        expect.objectContaining({ id: later.id, notified: null }),
      ]),
    );
    broken = false;
    await eventually(async () => {
      const { notified } = await dataSource.manager.findOneByOrFail(HealthCondition, {
        id: later.id,
      });
      return notified === 'opened';
    });
    await journal.record(closed(outage));
    await eventually(() => receiver.ids().includes(`${outage.id}.closed`));
    const ofOutage = receiver.ids().filter((id) => id.startsWith(outage.id));
    expect(ofOutage).toEqual([`${outage.id}.opened`, `${outage.id}.closed`]);
  }, 180_000);
});
