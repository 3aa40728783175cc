import { newId } from '@askflash/config';
import { CONDITIONS, type ConditionName, type Finding, type OpenCondition } from './condition';
import type { ConditionChanges } from './condition-changes';

/** What one look found. */
export interface Findings {
  readonly found: readonly Finding[];
  /** Conditions that this look could not judge: they stay as they are. */
  readonly unjudged: ReadonlySet<ConditionName>;
}

interface Tracked {
  finding: Finding;
  /** The first of the findings that followed one another. */
  readonly foundAt: Date;
  lastSeenAt: Date;
  /** Set while it is open. */
  open: { readonly id: string; readonly openedAt: Date } | undefined;
  /** Since when it is not found any more. */
  awaySince: Date | undefined;
}

/**
 * Opens and closes conditions with hysteresis, so that what flickers is told once:
 *
 * ```
 *   (nothing) ──found──► found ──for openAfterMs──► open
 *       ▲                  │ not found                │ not found
 *       ├──────────────────┘                          ▼
 *       └──────────────for closeAfterMs───────────── away ──found──► open
 * ```
 *
 * It keeps all of it in memory; what was open when the monitor started is given to `resume`.
 */
export class ConditionTracker {
  private readonly tracked = new Map<string, Tracked>();

  /** Goes on with conditions that another run, or another monitor, has opened. */
  resume(conditions: readonly OpenCondition[]): void {
    for (const { id, openedAt, lastSeenAt, ...finding } of conditions) {
      const key = keyOf(finding);
      const known = this.tracked.get(key);
      const open = { id, openedAt };
      if (known) known.open = open;
      else
        this.tracked.set(key, {
          finding,
          foundAt: openedAt,
          lastSeenAt,
          open,
          awaySince: undefined,
        });
    }
  }

  /** Every condition that is open, the most severe and the oldest first. */
  get open(): readonly OpenCondition[] {
    return [...this.tracked.values()]
      .flatMap((tracked) => toOpen(tracked) ?? [])
      .sort(
        (one, other) =>
          one.severity.localeCompare(other.severity) ||
          one.openedAt.getTime() - other.openedAt.getTime(),
      );
  }

  /** Takes what one look found, and tells what that changes. */
  observe({ found, unjudged }: Findings, at: Date): ConditionChanges {
    const opened: OpenCondition[] = [];
    const seen: OpenCondition[] = [];
    for (const finding of found) {
      const tracked = this.note(finding, at);
      const wasOpen = tracked.open !== undefined;
      const foundForMs = at.getTime() - tracked.foundAt.getTime();
      if (!wasOpen && foundForMs < CONDITIONS[finding.name].openAfterMs) continue;
      tracked.open ??= { id: newId(), openedAt: at };
      const open = toOpen(tracked);
      if (open) (wasOpen ? seen : opened).push(open);
    }
    return { opened, seen, closed: this.passOver(found, unjudged, at) };
  }

  private note(finding: Finding, at: Date): Tracked {
    const key = keyOf(finding);
    const known = this.tracked.get(key);
    if (known) {
      Object.assign(known, { finding, lastSeenAt: at, awaySince: undefined });
      return known;
    }
    const tracked = { finding, foundAt: at, lastSeenAt: at, open: undefined, awaySince: undefined };
    this.tracked.set(key, tracked);
    return tracked;
  }

  private passOver(
    found: readonly Finding[],
    unjudged: ReadonlySet<ConditionName>,
    at: Date,
  ): ConditionChanges['closed'] {
    const present = new Set(found.map(keyOf));
    return [...this.tracked].flatMap(([key, tracked]) => {
      if (present.has(key) || unjudged.has(tracked.finding.name)) return [];
      const { closeAfterMs } = CONDITIONS[tracked.finding.name];
      tracked.awaySince ??= at;
      const open = toOpen(tracked);
      if (open && at.getTime() - tracked.awaySince.getTime() < closeAfterMs) return [];
      this.tracked.delete(key);
      return open ? [{ ...open, closedAt: at }] : [];
    });
  }
}

function keyOf({ name, subject }: Pick<Finding, 'name' | 'subject'>): string {
  return `${name}\n${subject}`;
}

function toOpen({ finding, open, lastSeenAt }: Tracked): OpenCondition | undefined {
  if (!open) return undefined;
  const { severity } = CONDITIONS[finding.name];
  return { ...finding, ...open, severity, lastSeenAt };
}
