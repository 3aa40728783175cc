import type { MessagingStatus } from '@askflash/messaging';
import type { HealthChecks } from '@askflash/service-kit';
import type { BrokerView } from '../broker-view';
import type { Observation } from './observation';
import { observeQueues, type QueueSources } from './observe-queues';
import { observeStores, type Stores } from './observe-stores';
import { withinTime } from './within-time';

/** What an observer looks at. */
export interface ObserverParts extends Omit<QueueSources, 'broker'>, Stores {
  readonly broker: BrokerView;
  readonly checks: HealthChecks;
  readonly messaging: MessagingStatus;
}

/** Looks at the whole stack. */
export class Observer {
  constructor(private readonly parts: ObserverParts) {}

  /** One look: everything at the same time, each within its own. Never rejects. */
  async look(): Promise<Observation> {
    const { checks } = this.parts;
    const [{ checks: results }, queues, alarms, stores] = await Promise.all([
      checks.run(),
      observeQueues(this.parts),
      this.alarms(),
      observeStores(this.parts),
    ]);
    return {
      at: new Date(),
      atMs: performance.now(),
      checks: results,
      queues,
      alarms,
      ...stores,
    };
  }

  /** The publisher is told at once, the management API some seconds later but of every node. */
  private async alarms(): Promise<readonly string[] | undefined> {
    const { broker, messaging, timeoutMs } = this.parts;
    const alarms = await withinTime('alarms', timeoutMs, () => broker.alarms());
    const { blocked } = messaging.snapshot().publisher;
    if (blocked && (alarms ?? []).length === 0) return ['it is short of memory or disk'];
    return alarms;
  }
}
