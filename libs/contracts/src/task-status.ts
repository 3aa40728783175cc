/**
 * The life of a task:
 *
 * ```
 * waiting ──► in_progress ──► complete
 *    │             ├────────► failed
 *    └─────────────┴────────► aborted
 * ```
 *
 * `complete`, `failed` and `aborted` are terminal: written once, never left.
 */
export const TASK_STATUSES = ['waiting', 'in_progress', 'complete', 'failed', 'aborted'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const TERMINAL_TASK_STATUSES = ['complete', 'failed', 'aborted'] as const;
export type TerminalTaskStatus = (typeof TERMINAL_TASK_STATUSES)[number];

/** Whether a task in this status has ended. */
export function isTerminal(status: TaskStatus): status is TerminalTaskStatus {
  return TERMINAL_TASK_STATUSES.some((terminal) => terminal === status);
}
