export declare class Ledger {
  mark(task: string, stage: string): void;
  count(): number;
  take(): [stage: string, tasks: string[]][];
}
export declare function serveWorker(ledger: Ledger): void;
