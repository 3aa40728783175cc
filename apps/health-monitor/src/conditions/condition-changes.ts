import type { OpenCondition } from './condition';

/** A condition that is over. */
export interface ClosedCondition extends OpenCondition {
  readonly closedAt: Date;
}

/** What one look changes about conditions. */
export interface ConditionChanges {
  readonly opened: readonly OpenCondition[];
  /** Found again, with the summary and the figure of now. */
  readonly seen: readonly OpenCondition[];
  readonly closed: readonly ClosedCondition[];
}
