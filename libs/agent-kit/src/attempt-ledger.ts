import type { StageRequested } from '@askflash/contracts';

/** What this instance knows of an attempt. */
export interface AttemptRecord<Report> {
  /** Settles once the handler is done; rejects where the work has to go back to the queue. */
  readonly report: Promise<Report>;
  /** Whether the broker has confirmed the report. */
  confirmed: boolean;
  /** While the report is being sent. */
  sending?: Promise<void> | undefined;
}

/**
 * The attempts this instance runs or has run, so that a duplicate, or a redelivery after a lost
 * connection, joins the attempt instead of running it again:
 *
 * ```
 * (unknown) ──open──► running ──► reported ──► confirmed
 *     ▲                  │
 *     └──────────────────┘   the report rejects: the work goes back to the queue
 * ```
 *
 * Bounded: past `capacity` the oldest confirmed attempt is forgotten; running one twice is wasteful
 * but harmless, since the coordinator heeds only the first result.
 */
export class AttemptLedger<Report> {
  private readonly records = new Map<string, AttemptRecord<Report>>();

  constructor(private readonly capacity = 10_000) {}

  /** The attempt's record; `execute` is called only where this instance has none. */
  open(request: StageRequested, execute: () => Promise<Report>): AttemptRecord<Report> {
    const key = keyOf(request);
    const known = this.records.get(key);
    if (known) return known;
    const record = { report: execute(), confirmed: false };
    record.report.catch(() => this.records.delete(key));
    this.records.set(key, record);
    if (this.records.size > this.capacity) this.forgetOldestConfirmed();
    return record;
  }

  private forgetOldestConfirmed(): void {
    for (const [key, record] of this.records) {
      if (record.confirmed) {
        this.records.delete(key);
        return;
      }
    }
  }
}

/** Has an attempt’s report sent; a duplicate that comes meanwhile waits for the same confirm. */
export async function confirmReport<Report>(
  attempt: AttemptRecord<Report>,
  send: () => Promise<void>,
): Promise<void> {
  if (attempt.confirmed) return;
  attempt.sending ??= send().finally(() => (attempt.sending = undefined));
  await attempt.sending;
  attempt.confirmed = true;
}

function keyOf({ taskId, stage, attempt }: StageRequested): string {
  return `${taskId}/${stage}/${attempt}`;
}
