import type { ConditionEvent } from '@askflash/typeorm-entities';
import type { ConditionLog } from './condition-log';
import type { DirectNotices, Notice } from '../webhook/direct-notices';
import type { UnwrittenChange } from './unwritten-changes';

/** How the webhook is told: of what is written, and past PostgreSQL. */
export interface AnnouncedWebhook {
  readonly notifications: { wake(): void };
  readonly direct: DirectNotices;
}

/** Tells of events of conditions, each once in the log. */
export class ConditionAnnouncer {
  private readonly logged = new Set<string>();

  constructor(
    private readonly log: Pick<ConditionLog, 'write'>,
    /** Undefined where there is none. */
    private readonly webhook: AnnouncedWebhook | undefined,
  ) {}

  get hasWebhook(): boolean {
    return this.webhook !== undefined;
  }

  /**
   * Tells what cannot be written now; the webhook past PostgreSQL, where it does not know.
   *
   * @param notices what is not written, whenever it is asked
   */
  unwritten(notices: () => readonly Notice[]): void {
    for (const notice of notices()) this.logOnce(notice);
    void this.webhook?.direct.tell(notices);
  }

  /** Tells what was written; the webhook learns of it from PostgreSQL. */
  written(notices: readonly Notice[]): void {
    for (const notice of notices) this.logOnce(notice);
    if (notices.length > 0) this.webhook?.notifications.wake();
  }

  /** Forgets what was told of a change that is written. */
  settle({ condition: { id } }: UnwrittenChange): void {
    for (const event of ['opened', 'closed']) this.logged.delete(`${id}.${event}`);
    this.webhook?.direct.forget(id);
  }

  /** The last event of a change that the webhook was told of past PostgreSQL. */
  notified({ condition: { id }, closedAt }: UnwrittenChange): ConditionEvent | null {
    const { direct } = this.webhook ?? {};
    if (closedAt && direct?.knows(id, 'closed')) return 'closed';
    return direct?.knows(id, 'opened') ? 'opened' : null;
  }

  private logOnce({ condition, event }: Notice): void {
    const key = `${condition.id}.${event}`;
    if (this.logged.has(key)) return;
    this.logged.add(key);
    this.log.write(event, condition);
  }
}

/** What there is to tell of a change. */
export function noticesOf({ condition, opened, closedAt }: UnwrittenChange): Notice[] {
  const told = { ...condition, closedAt };
  return [
    ...(opened ? [{ condition: told, event: 'opened' as const }] : []),
    ...(closedAt ? [{ condition: told, event: 'closed' as const }] : []),
  ];
}
