/** One thing that has to work; `Subject` is what it works on. */
export interface Scenario<Subject> {
  /** Unique; as `needs` and the JSON report call it: `redis-streams`. */
  readonly name: string;
  readonly title: string;
  /** What is at fault where it fails: `Redis`. */
  readonly part: string;
  /** Scenarios without which this one cannot run. */
  readonly needs: readonly string[];
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** What to do about a failure that brings no remedy of its own. */
  readonly remedy: string;
  /** Throws where something does not work; else tells what was found. */
  run(subject: Subject): Promise<Finding>;
}

/** What a scenario that passed has found. */
export interface Finding {
  /** In a few words: `PostgreSQL 15.6`. */
  readonly summary: string;
  /** What it consisted of, with times in milliseconds. */
  readonly steps?: readonly { readonly name: string; readonly durationMs: number }[];
}

/** Why a scenario failed. */
export interface Failure {
  /** What is at fault: `Redis`, `template quick_answer`. */
  readonly part: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** How a scenario went. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'not-run';
  readonly durationMs: number;
  /** Of one that passed. */
  readonly finding?: Finding;
  /** Of one that failed. */
  readonly failure?: Failure;
  /** Of one that was not run: the scenarios it needs and does not have. */
  readonly blockedBy?: readonly string[];
}

/** How all of them went. */
export interface Report {
  readonly status: 'passed' | 'failed';
  readonly durationMs: number;
  readonly scenarios: readonly ScenarioResult[];
}
