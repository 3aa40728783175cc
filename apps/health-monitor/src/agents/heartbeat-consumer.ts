import { AGENT_HEARTBEAT, type AgentHeartbeat } from '@askflash/contracts';
import { Consumers, HEARTBEATS_QUEUE, acknowledge } from '@askflash/messaging';
import { describeError } from '@askflash/service-kit';
import { Database, upsertHeartbeats } from '@askflash/typeorm-entities';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { BATCH_WINDOW_MS, HeartbeatBatch } from './heartbeat-batch';

const PREFETCH = 500;

/**
 * Keeps `agent_health` up to date from agents' heartbeats. A heartbeat that cannot be written is
 * dropped: the next one says more.
 */
@Injectable()
export class HeartbeatConsumer implements OnApplicationBootstrap {
  private readonly logger = new Logger(HeartbeatConsumer.name);
  private readonly batch: HeartbeatBatch;
  private readonly heartbeats: Counter<'outcome'>;

  constructor(
    private readonly consumers: Consumers,
    database: Database,
    registry: Registry,
  ) {
    this.batch = new HeartbeatBatch(
      (heartbeats) => upsertHeartbeats(database.dataSource.manager, heartbeats),
      BATCH_WINDOW_MS,
    );
    this.heartbeats = new Counter({
      name: 'mcp_heartbeats_total',
      help: 'Heartbeats of agent instances, by whether they were written or dropped',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.consumers.consume({
      queue: HEARTBEATS_QUEUE,
      prefetch: PREFETCH,
      contracts: [AGENT_HEARTBEAT],
      handle: async ({ payload }) => {
        await this.record(payload);
        return acknowledge();
      },
    });
  }

  private async record(heartbeat: AgentHeartbeat): Promise<void> {
    try {
      await this.batch.add(heartbeat);
      this.heartbeats.inc({ outcome: 'written' });
    } catch (error) {
      this.heartbeats.inc({ outcome: 'dropped' });
      this.logger.debug(`A heartbeat was dropped: ${describeError(error).message}`);
    }
  }
}
