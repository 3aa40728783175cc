import {
  RESULTS_QUEUE,
  type LiveQueue,
  type Publisher,
  type QueueCount,
  type QueueCounts,
  type RabbitmqManagement,
} from '@askflash/messaging';
import type { Outbox } from '../engine/outbox';
import type { BrokerFacts, QueuesFacts } from './facts';
import { settleWithin } from './settle-within';

/** How long the broker may take to answer. */
const TIMEOUT_MS = 1_000;

/** A refusal this old tells nothing of now. */
const REFUSAL_MS = 60_000;

const NO_CONNECTION = 'there is no connection';

/** What is looked at. */
export interface BrokerObserverParts {
  readonly publisher: Pick<Publisher, 'blocked' | 'connected'>;
  readonly outbox: Pick<Outbox, 'sinceRejectedMs'>;
  readonly counts: QueueCounts;
  /** Undefined where it is not known: rates are left out then. */
  readonly management: Pick<RabbitmqManagement, 'queues'> | undefined;
  readonly vhost: string;
}

/** Looks at the broker: exact counts of queues, and rates where the management API tells them. */
export class BrokerObserver {
  constructor(private readonly parts: BrokerObserverParts) {}

  /** Never rejects, and takes a second at most: that the broker does not answer is a fact too. */
  async look(queues: readonly string[]): Promise<BrokerFacts> {
    const { counts, outbox, publisher } = this.parts;
    const [counted, told] = await Promise.all([
      settleWithin(TIMEOUT_MS, counts.read([...queues, RESULTS_QUEUE])),
      this.told(),
    ]);
    const { sinceRejectedMs } = outbox;
    const refusedAgoMs = sinceRejectedMs < REFUSAL_MS ? Math.round(sinceRejectedMs) : null;
    if ('problem' in counted) {
      const reason = publisher.connected ? counted.problem : NO_CONNECTION;
      return {
        state: 'unreachable',
        reason,
        queues: undefined,
        answersWaiting: null,
        refusedAgoMs,
      };
    }
    const answersWaiting = counted.value.get(RESULTS_QUEUE)?.ready ?? null;
    const found = { queues: describe(queues, counted.value, told), answersWaiting, refusedAgoMs };
    if (publisher.connected) return { state: publisher.blocked ? 'blocked' : 'ok', ...found };
    return { state: 'unreachable', reason: NO_CONNECTION, ...found };
  }

  private async told(): Promise<readonly LiveQueue[]> {
    const { management, vhost } = this.parts;
    if (management === undefined) return [];
    const told = await settleWithin(TIMEOUT_MS, management.queues(vhost));
    return 'value' in told ? told.value : [];
  }
}

function describe(
  queues: readonly string[],
  counts: ReadonlyMap<string, QueueCount>,
  told: readonly LiveQueue[],
): QueuesFacts {
  return new Map(
    queues.flatMap((name) => {
      const count = counts.get(name);
      if (count === undefined) return [];
      const { ready, consumers } = count;
      const live = told.find((queue) => queue.name === name);
      const handedOut = live?.messages_unacknowledged ?? null;
      const drainPerSecond = live?.message_stats?.ack_details?.rate ?? null;
      return [[name, { ready, consumers, handedOut, drainPerSecond }] as const];
    }),
  );
}
