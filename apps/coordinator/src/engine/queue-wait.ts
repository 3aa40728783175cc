import { findStage, type TaskState } from '@askflash/dag-templates';
import type { StageCompleted, StageFailed } from '@askflash/contracts';

/**
 * How long an attempt waited, in milliseconds: what passed from its request to its result on the
 * database's clock, less what the agent took by its own. So no clock is compared with another; the
 * way back counts as waiting too. Undefined where the attempt is not being waited for.
 */
export function queueWaitMs(
  state: TaskState,
  { stage, durationMs }: StageCompleted | StageFailed,
  now: Date,
): number | undefined {
  const requestedAt = findStage(state, stage)?.requestedAt ?? undefined;
  return requestedAt && Math.max(0, now.getTime() - requestedAt - durationMs);
}
