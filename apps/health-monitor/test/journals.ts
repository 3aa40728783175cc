import { newId } from '@askflash/config';
import {
  Migrator,
  createDataSource,
  type ConditionEvent,
  type HealthCondition,
} from '@askflash/typeorm-entities';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { OpenCondition } from '../src/conditions/condition';
import { ConditionAnnouncer } from '../src/conditions/condition-announcer';
import { ConditionJournal, type JournalOptions } from '../src/conditions/condition-journal';
import { DirectNotices } from '../src/webhook/direct-notices';
import { Notifications, type NotificationsOptions } from '../src/webhook/notifications';
import { WebhookClient } from '../src/webhook/webhook-client';
import { WebhookDelivery } from '../src/webhook/webhook-delivery';
import type { NotifiedCondition } from '../src/webhook/webhook-event';
import { WebhookMetrics } from '../src/webhook/webhook-metrics';
import { WEBHOOK_SECRET } from './webhook-receiver';

export const PUBLIC_URL = 'http://monitor.test:8004/';

export async function connect(url: string, { migrate = false } = {}): Promise<DataSource> {
  const dataSource = createDataSource({ url, applicationName: 'test', poolSize: 4 });
  await dataSource.initialize();
  if (migrate) await new Migrator(dataSource, { templates: [] }).up();
  return dataSource;
}

export const aCondition = (overrides: Partial<OpenCondition> = {}): OpenCondition => ({
  id: newId(),
  name: 'queue_stuck',
  subject: 'executor.task',
  severity: 'critical',
  summary: '12 messages wait, and nobody takes them',
  value: 12,
  threshold: null,
  openedAt: new Date(),
  lastSeenAt: new Date(),
  ...overrides,
});

export const opened = (...conditions: OpenCondition[]) => ({
  opened: conditions,
  seen: [],
  closed: [],
});
export const seen = (...conditions: OpenCondition[]) => ({
  opened: [],
  seen: conditions,
  closed: [],
});
export const closed = (...conditions: OpenCondition[]) => ({
  opened: [],
  seen: [],
  closed: conditions.map((condition) => ({ ...condition, closedAt: new Date() })),
});

/** A journal as a health-monitor has one, and the lines of its log. */
export interface TestJournal {
  readonly journal: ConditionJournal;
  readonly logged: { event: ConditionEvent; id: string }[];
  readonly notifications: Notifications | undefined;
  readonly registry: Registry;
  stop(): Promise<void>;
}

export interface TestJournalOptions {
  readonly webhookUrl?: string;
  readonly timeoutMs?: number;
  readonly journal?: Partial<JournalOptions>;
  readonly notifications?: Partial<NotificationsOptions>;
}

/** Starts one; its delays are short, so that tests need not wait. */
export function startJournal(
  dataSource: DataSource,
  { webhookUrl, timeoutMs = 5_000, ...options }: TestJournalOptions = {},
): TestJournal {
  const registry = new Registry();
  const database = { dataSource };
  const logged: TestJournal['logged'] = [];
  const log = {
    write: (event: ConditionEvent, { id }: NotifiedCondition) => void logged.push({ event, id }),
  };
  const delivery =
    webhookUrl === undefined
      ? undefined
      : new WebhookDelivery(
          new WebhookClient({ url: webhookUrl, secret: WEBHOOK_SECRET }, { timeoutMs }),
          new WebhookMetrics(registry),
          PUBLIC_URL,
        );
  const notifications =
    delivery &&
    new Notifications(database, delivery, {
      pollMs: 20,
      backoffMs: () => 20,
      ...options.notifications,
    });
  const direct = delivery && new DirectNotices(delivery, () => 20);
  const journal = new ConditionJournal(
    database,
    new ConditionAnnouncer(log, direct && notifications && { direct, notifications }),
    { retryMs: 20, ...options.journal },
  );
  notifications?.onApplicationBootstrap();
  return {
    journal,
    logged,
    notifications,
    registry,
    stop: async () => {
      await journal.beforeApplicationShutdown();
      await notifications?.beforeApplicationShutdown();
    },
  };
}

/** A row without what the webhook knows of it. */
export const withoutNotices = ({
  notified: _notified,
  notifyAt: _notifyAt,
  notifyAttempts: _notifyAttempts,
  ...row
}: HealthCondition) => row;
