import type { OpenCondition } from './condition';
import type { ConditionChanges } from './condition-changes';
import { keyOf } from './unwritten-changes';

/** Lets through at most every so often that an open condition is found again. */
export class SightingThrottle {
  private readonly passedAtMs = new Map<string, number>();

  constructor(private readonly intervalMs: number) {}

  pass(changes: ConditionChanges): ConditionChanges {
    for (const condition of changes.closed) this.passedAtMs.delete(keyOf(condition));
    for (const condition of changes.opened) this.note(condition);
    const seen = changes.seen.filter((condition) => {
      const passedAtMs = this.passedAtMs.get(keyOf(condition)) ?? -Infinity;
      return condition.lastSeenAt.getTime() - passedAtMs >= this.intervalMs;
    });
    for (const condition of seen) this.note(condition);
    return { ...changes, seen };
  }

  private note(condition: OpenCondition): void {
    this.passedAtMs.set(keyOf(condition), condition.lastSeenAt.getTime());
  }
}
