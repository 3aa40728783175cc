import type { TaskEvent, TaskStatus } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';

/** What PostgreSQL says of one task. */
export interface TaskFacts {
  readonly id: string;
  readonly status: TaskStatus;
  /** Number of its last event, as its row says. */
  readonly eventSeq: number;
  /** The very version it ran through. */
  readonly template: TaskTemplate;
  /** Its durable events, by number. */
  readonly events: readonly TaskEvent[];
  /** Attempts that agents reported and the task heeded. */
  readonly reported: readonly { readonly stage: string; readonly attempt: number }[];
}
