import type { AgentHeartbeat } from '@askflash/contracts';

/** How long heartbeats are gathered, in milliseconds; they are seen as late as that. */
export const BATCH_WINDOW_MS = 500;

/**
 * Gathers heartbeats for a short while and writes them together, the last one of each instance.
 *
 * ```
 * empty ──add──► gathering ──window over──► writing ──done or failed──► empty
 * ```
 */
export class HeartbeatBatch {
  private gathering: { latest: Map<string, AgentHeartbeat>; written: Promise<void> } | undefined;

  /**
   * @param write writes a batch; what it throws, everybody who added to the batch gets
   * @param windowMs how long a batch gathers, in milliseconds
   */
  constructor(
    private readonly write: (heartbeats: readonly AgentHeartbeat[]) => Promise<void>,
    private readonly windowMs: number,
  ) {}

  /** Resolves once the heartbeat, or a later one of the same instance, is written. */
  add(heartbeat: AgentHeartbeat): Promise<void> {
    this.gathering ??= this.begin();
    this.gathering.latest.set(heartbeat.instanceId, heartbeat);
    return this.gathering.written;
  }

  private begin() {
    const latest = new Map<string, AgentHeartbeat>();
    const written = new Promise<void>((resolve) => setTimeout(resolve, this.windowMs)).then(() => {
      this.gathering = undefined;
      return this.write([...latest.values()]);
    });
    return { latest, written };
  }
}
