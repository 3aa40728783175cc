import type { ConditionEvent, LeasedNotification } from '@askflash/typeorm-entities';
import { runbookUrl } from '../conditions/runbook-url';

/** A condition as the webhook tells it. */
export type NotifiedCondition = Omit<LeasedNotification, 'notified' | 'notifyAttempts'>;

/** What the webhook is sent, but for its id. */
export interface WebhookPayload {
  readonly type: `condition.${ConditionEvent}`;
  /** When the condition opened, or closed. */
  readonly timestamp: Date;
  readonly data: NotifiedCondition & { readonly runbookUrl: string };
}

/** A message by the Standard Webhooks: the same id each time it is sent. */
export interface WebhookMessage {
  readonly id: string;
  readonly payload: WebhookPayload;
}

/** The message that tells of an event of a condition. */
export function toWebhookMessage(
  { id, name, subject, severity, summary, value, threshold, ...times }: NotifiedCondition,
  event: ConditionEvent,
  publicUrl: string,
): WebhookMessage {
  const { openedAt } = times;
  // A condition may be over before anybody is told that it opened.
  const closedAt = event === 'closed' ? times.closedAt : null;
  return {
    id: `${id}.${event}`,
    payload: {
      type: `condition.${event}`,
      timestamp: closedAt ?? openedAt,
      data: {
        id,
        name,
        subject,
        severity,
        summary,
        value,
        threshold,
        openedAt,
        closedAt,
        runbookUrl: runbookUrl(publicUrl, name),
      },
    },
  };
}
