import {
  ManagementUnavailableError,
  TOPOLOGY,
  type LiveQueue,
  type QueueCounts,
  type RabbitmqManagement,
} from '@askflash/messaging';
import type { QueueOverview } from './dto';

/** What the backbone's queues hold and how it moves. */
export class QueuesService {
  constructor(
    private readonly counts: QueueCounts,
    private readonly management: RabbitmqManagement | undefined,
    private readonly vhost: string,
  ) {}

  /**
   * Every queue of the backbone. Messages and consumers are as of now; what the management API tells
   * is some seconds old, and left out where it cannot be asked.
   *
   * @throws {BrokerUnreachableError}
   */
  async overview(): Promise<QueueOverview> {
    const names = TOPOLOGY.queues.map(({ name }) => name);
    const [counts, live] = await Promise.all([this.counts.read(names), this.live()]);
    const queues = TOPOLOGY.queues.map(({ name, description }) => {
      const count = counts.get(name);
      const told = live.queues.find((queue) => queue.name === name);
      return {
        name,
        description,
        exists: count !== undefined,
        ready: count?.ready ?? 0,
        unacknowledged: told?.messages_unacknowledged ?? null,
        consumers: count?.consumers ?? 0,
        publishedPerSecond: told?.message_stats?.publish_details?.rate ?? null,
        deliveredPerSecond: told?.message_stats?.deliver_get_details?.rate ?? null,
        acknowledgedPerSecond: told?.message_stats?.ack_details?.rate ?? null,
        policy: told?.policy ?? null,
      };
    });
    return { management: live.state, queues };
  }

  private async live(): Promise<{
    readonly state: QueueOverview['management'];
    readonly queues: readonly LiveQueue[];
  }> {
    if (!this.management) return { state: 'not_configured', queues: [] };
    try {
      return { state: 'ok', queues: await this.management.queues(this.vhost) };
    } catch (error) {
      if (!(error instanceof ManagementUnavailableError)) throw error;
      return { state: 'unavailable', queues: [] };
    }
  }
}
