import type { PrivateServers } from '@askflash/testing';

/*
 * Glossary
 *
 * benchmark   one system that does one kind of work, told by its figures
 * group       benchmarks that do the same work, so that their figures may be compared
 * round       every benchmark of a group measured once, in turn; a figure is the median of rounds
 * reference   the benchmark of a group by which the figures of the others are divided
 * target      what a figure has to reach; it is told, and nothing fails where it is missed
 */

/** What a figure has to reach; `atLeastTimes` names other benchmarks of the group, each with a factor. */
export type Target =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly atLeastTimes: Readonly<Record<string, number>> };

/** One figure that a benchmark gives in every round. */
export interface FigureSpec {
  /** The same name in every benchmark of the group that has it: `tasks/s`, `create p99`. */
  readonly name: string;
  /** `/s`, `ms`, `MB`, `%`. */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly target?: Target;
}

/** The figures of one round by their names: all that the benchmark announces, and no others. */
export type Measurement = Readonly<Record<string, number>>;

/** What a benchmark is given to work with. */
export interface Workbench {
  /** Short rounds: the figures say that all of it works, and roughly how fast. */
  readonly isQuick: boolean;
  /** An empty folder of this run's; deleted when it ends. */
  readonly folder: string;
  /**
   * The durable servers that the run shares, started when they are first asked for: PostgreSQL with
   * fsync, Redis with AOF everysec. Each benchmark takes its own database, virtual host or key
   * prefix there, by `createTestBackbone` for instance. One that needs servers for itself calls
   * `startPrivateServers({ durable: true })`.
   */
  servers(): Promise<PrivateServers>;
  /** Tells the reader of the terminal what goes on, with the seconds since the start. */
  say(line: string): void;
}

/**
 * A benchmark that has been set up. The harness calls
 *
 * ```
 * warmUp ──► measure (round 1) ──► measure (round 2) … ──► close
 * ```
 *
 * where the other benchmarks of the group are measured in between; where each is measured alone, there
 * is one round between set-up and `close`. `close` is called whatever fails.
 */
export interface RunningBenchmark {
  /** Does the work unmeasured, until compilers and caches have settled. */
  warmUp?(): Promise<void>;
  /**
   * Does the work once and measures it.
   *
   * @throws where the work was not done in full: a figure of work undone is void
   */
  measure(): Promise<Measurement>;
  /** Ends every process and connection. */
  close(): Promise<void>;
}

/** One system under measurement. */
export interface Benchmark {
  /** Unique in its group; a word for the command line: `redis-tasks`, `bullmq`. */
  readonly name: string;
  /** What was measured, with version and configuration as far as they matter. */
  readonly title: string;
  /** What survives what, in words. */
  readonly durability: string;
  readonly figures: readonly FigureSpec[];
  setUp(bench: Workbench): Promise<RunningBenchmark>;
}

/** Benchmarks that are measured in turn. */
export interface BenchmarkGroup {
  /** A word for the command line: `--only systems`, `--only systems/bullmq`. */
  readonly name: string;
  /** What the work is. */
  readonly title: string;
  /** Name of the benchmark by which the others are divided. */
  readonly reference?: string;
  /** Each is set up for its turn and closed after it: one that is up takes from the others. */
  readonly isAlone?: boolean;
  /** Takes minutes: left out of the quick form. */
  readonly isLong?: boolean;
  /** Measured in one round: another would begin where the first has ended, and not at nothing. */
  readonly isOnce?: boolean;
  readonly benchmarks: readonly Benchmark[];
}
