import { BackboneError } from '@askflash/contracts';

/** A process of a system under measurement failed. */
export class ProgramFailedError extends BackboneError {
  static override readonly code = 'BENCH_PROGRAM_FAILED';
  static override readonly when = 'A process of a system under measurement failed or ended.';
  static override readonly remedy =
    'Read the log that the message names; where a package is missing, run `npm ci` in tools/bench.';
}

/** A system did not do the work it was measured at. */
export class WorkUndoneError extends BackboneError {
  static override readonly code = 'BENCH_WORK_UNDONE';
  static override readonly when =
    'Tasks of a benchmark did not end, or not every stage of them was run: a figure would be void.';
  static override readonly remedy =
    'Read the logs of the system’s processes; on a machine that does other work too, run it again.';
}

/** A system cannot be set up as the benchmark needs it. */
export class BenchSetUpError extends BackboneError {
  static override readonly code = 'BENCH_SET_UP';
  static override readonly when = 'A system refused what a benchmark has to set up in it.';
  static override readonly remedy = 'Read the answer in the message, and the logs of the system.';
}
