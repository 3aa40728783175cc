/** How long a task that has not ended stays in Redis after its last change, in seconds. */
export const TASK_TTL_SECONDS = 600;

/**
 * How long a task stays in Redis once it has ended, in seconds: for clients that lost their connection
 * just then. Whoever asks later has its events and its result from PostgreSQL.
 */
export const ENDED_TASK_TTL_SECONDS = 60;

/** About how many entries a task's stream keeps; Redis trims whole nodes, of 100 at most. */
export const STREAM_LENGTH = 100;

/** How many tasks a user's history keeps. */
export const HISTORY_LENGTH = 1_000;

/** How long a user's history stays after their last task, in seconds: 30 days. */
export const HISTORY_TTL_SECONDS = 30 * 24 * 3_600;
