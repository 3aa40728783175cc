import type { Invariant } from '@askflash/testing';

/**
 * What does not hold: one of I1–I9, or one of
 *
 * - effects: an attempt ran more than once although nothing was harmed while its task ran;
 * - process: an app ended by itself, or did not end when told to;
 * - memory: an app that was never restarted grows from round to round;
 * - connections: more of them are open than the live processes need.
 */
export interface Finding {
  readonly invariant: Invariant | 'effects' | 'process' | 'memory' | 'connections';
  /** The task it shows at; null where it is about the whole. */
  readonly taskId: string | null;
  readonly what: string;
}
