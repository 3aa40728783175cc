import type { Cause } from './dto';
import type { Facts, UnconfirmedMessage } from './facts';

/** What keeps requests and answers from getting through, whichever they are. */
export function brokerCauses({ broker }: Facts, stage: string | null): Cause[] {
  if (broker.state === 'unreachable')
    return [{ type: 'broker_unreachable', stage, reason: broker.reason }];
  return broker.state === 'blocked' ? [{ type: 'broker_blocked', stage }] : [];
}

/**
 * That a message is not sent; none where it may well be, as its confirm was not noted yet. A young
 * message of a broker that takes none is not sent for sure.
 */
export function unsentCause(facts: Facts, message: UnconfirmedMessage): Cause[] {
  const { at, broker, confirmNotedMs } = facts;
  const { request, createdAt, nextAttemptAt, attempts } = message;
  const sinceMs = Math.max(0, at.getTime() - createdAt.getTime());
  if (broker.state === 'ok' && attempts === 0 && sinceMs < confirmNotedMs) return [];
  return [
    {
      type: 'unsent',
      stage: request?.stage ?? null,
      attempt: request?.attempt ?? null,
      sinceMs,
      resends: attempts,
      nextInMs: nextAttemptAt.getTime() - at.getTime(),
      refusedAgoMs: broker.refusedAgoMs,
    },
  ];
}
