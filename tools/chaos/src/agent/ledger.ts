import { appendFileSync } from 'node:fs';

/** What a handler has done: it has begun an attempt, or is about to give its outcome. */
export interface LedgerEntry {
  readonly taskId: string;
  readonly stage: string;
  readonly attempt: number;
  readonly what: 'begun' | 'completed' | 'failed';
}

/** An entry as it stands in the file. */
export interface LedgerLine extends LedgerEntry {
  readonly pid: number;
  /** For people. */
  readonly at: string;
  /** For comparison: microseconds on a clock that all processes of the machine share, and nobody sets. */
  readonly us: number;
}

/**
 * The effects of one agent, a JSON document a line. Each is with the operating system when
 * `append` returns, so a killed process loses none.
 */
export class Ledger {
  constructor(private readonly file: string) {}

  append(entry: LedgerEntry): void {
    const line: LedgerLine = {
      ...entry,
      pid: process.pid,
      // `Date` may be an hour off here.
      at: new Date(performance.timeOrigin + performance.now()).toISOString(),
      us: Number(process.hrtime.bigint() / 1000n),
    };
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}
