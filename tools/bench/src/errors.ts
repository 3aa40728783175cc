import { BackboneError } from '@askflash/contracts';

/** The command line of the bench is wrong. */
export class BenchUsageError extends BackboneError {
  static override readonly code = 'BENCH_USAGE';
  static override readonly when =
    '`npm run bench` is given an argument it does not know, or a group that there is not.';
  static override readonly remedy =
    'Use `npm run bench -- [--quick] [--rounds N] [--only GROUP[/BENCHMARK]]… [--write-docs]`.';
  static override readonly exit = 'usage';
}

/** A benchmark did not give the figures that it announces. */
export class FigureMissingError extends BackboneError {
  static override readonly code = 'BENCH_FIGURE_MISSING';
  static override readonly when = 'A round of a benchmark ended without a figure it announces.';
  static override readonly remedy =
    'Mend the benchmark: its `measure` gives every figure it names.';
}

/** A program that measures a server is not there. */
export class BenchProgramMissingError extends BackboneError {
  static override readonly code = 'BENCH_PROGRAM_MISSING';
  static override readonly when =
    '`pgbench` or `redis-benchmark`, with which servers are measured alone, cannot be found.';
  static override readonly remedy =
    'Install it: Debian has them in the packages postgresql and redis-tools.';
}
