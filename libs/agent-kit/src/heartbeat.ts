import { AGENT_HEARTBEAT, type AgentHeartbeat, type AgentStatus } from '@askflash/contracts';
import type { Publisher } from '@askflash/messaging';
import type { Logger } from '@nestjs/common';

/** What a beat says that does not change while the process lives. */
export type HeartbeatIdentity = Pick<
  AgentHeartbeat,
  'agent' | 'instanceId' | 'version' | 'queue' | 'stages' | 'startedAt' | 'intervalMs'
>;

/** Counts of the work done, read at each beat. */
export type WorkCounts = Pick<AgentHeartbeat, 'inFlight' | 'processed' | 'failed'>;

/** Tells that this instance lives, every `intervalMs`. A beat that cannot be sent is dropped. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private lastCpu = process.cpuUsage();
  private lastBeatMs = performance.now();

  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly identity: HeartbeatIdentity,
    private readonly counts: WorkCounts,
    private readonly log: Pick<Logger, 'debug'>,
  ) {}

  start(): void {
    void this.beat('starting');
    this.timer = setInterval(() => void this.beat('healthy'), this.identity.intervalMs);
  }

  /** Stops beating and says goodbye. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beat('stopping');
  }

  private async beat(status: AgentStatus): Promise<void> {
    try {
      await this.publisher.publish(AGENT_HEARTBEAT, {
        ...this.identity,
        ...this.counts,
        status,
        cpuPercent: this.cpuPercent(),
        memoryBytes: process.memoryUsage.rss(),
      });
    } catch (error) {
      this.log.debug(`Heartbeat dropped: ${error}`);
    }
  }

  private cpuPercent(): number {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.lastCpu);
    const elapsedMs = Math.max(now - this.lastBeatMs, 1);
    this.lastCpu = process.cpuUsage();
    this.lastBeatMs = now;
    return (user + system) / 10 / elapsedMs;
  }
}
