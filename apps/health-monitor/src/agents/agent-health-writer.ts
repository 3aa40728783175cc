import type { AgentHeartbeat } from '@askflash/contracts';
import { AgentHealth, Database } from '@askflash/typeorm-entities';
import { Injectable } from '@nestjs/common';

/** What a heartbeat of a known instance changes. */
const CHANGING_COLUMNS = [
  'agent',
  'version',
  'status',
  'queue',
  'stages',
  'started_at',
  'last_seen_at',
  'interval_ms',
  'in_flight',
  'processed',
  'failed',
  'cpu_percent',
  'memory_bytes',
];

/** Writes what agent instances last said into `agent_health`. */
@Injectable()
export class AgentHealthWriter {
  constructor(private readonly database: Database) {}

  /** Inserts or updates one row an instance, all in one statement; each instance at most once. */
  async write(heartbeats: readonly AgentHeartbeat[]): Promise<void> {
    await this.database.dataSource
      .createQueryBuilder()
      .insert()
      .into(AgentHealth)
      .values(
        heartbeats.map((heartbeat) => ({
          ...heartbeat,
          startedAt: new Date(heartbeat.startedAt),
          lastSeenAt: () => 'now()',
        })),
      )
      .orUpdate(CHANGING_COLUMNS, ['instance_id'])
      .updateEntity(false)
      .execute();
  }
}
