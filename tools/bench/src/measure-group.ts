import { within } from '@askflash/service-kit';
import type {
  Benchmark,
  BenchmarkGroup,
  Measurement,
  RunningBenchmark,
  Workbench,
} from './benchmark';
import { FigureMissingError } from './errors';
import type { Rounds } from './judge';
import { WorkUndoneError } from './systems/errors';

/** One benchmark on its way: set up and measured so far, or failed. */
interface Entry {
  readonly benchmark: Benchmark;
  running?: RunningBenchmark | undefined;
  readonly figures: Map<string, number[]>;
  failure?: string;
}

/** How a group is measured. */
export interface GroupOptions {
  readonly bench: Workbench;
  readonly rounds: number;
  /** How long a set-up, a round or a close may take: one that hangs must not cost the run the others. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 20 * 60_000;

/**
 * Measures the benchmarks of a group in turn, round by round: what the machine does besides meets all
 * of them alike. One that fails is closed and measured no further, and the others go on.
 */
export async function measureGroup(
  group: BenchmarkGroup,
  { bench, rounds, patienceMs = PATIENCE_MS }: GroupOptions,
): Promise<Rounds[]> {
  const entries = group.benchmarks.map((benchmark): Entry => ({ benchmark, figures: new Map() }));
  const attempt = (entry: Entry, action: (entry: Entry) => Promise<void>): Promise<void> =>
    within(patienceMs, action(entry), tooLate).catch((error: unknown) => {
      entry.failure ??= describe(error);
      bench.say(describe(error));
    });
  const forEach = async (what: string, action: (entry: Entry) => Promise<void>): Promise<void> => {
    for (const entry of entries) {
      if (entry.failure !== undefined) continue;
      bench.say(`${group.name}/${entry.benchmark.name}: ${what}`);
      await attempt(entry, action);
      if (entry.failure !== undefined) await attempt(entry, close);
    }
  };
  const setUp = async (entry: Entry): Promise<void> => {
    entry.running = await entry.benchmark.setUp(bench);
    await entry.running.warmUp?.();
  };
  const alone = async (entry: Entry): Promise<void> => {
    await setUp(entry);
    await measure(entry);
    await close(entry);
  };
  if (!group.isAlone) await forEach('setting up', setUp);
  for (let round = 1; round <= rounds; round += 1) {
    await forEach(`round ${round} of ${rounds}`, group.isAlone ? alone : measure);
  }
  for (const entry of entries) await attempt(entry, close);
  return entries.map(({ benchmark, figures, failure }) => ({
    name: benchmark.name,
    // Half of the rounds are no median of all.
    figures: failure === undefined ? figures : new Map(),
    ...(failure === undefined ? {} : { failure }),
  }));
}

async function measure({ benchmark, running, figures }: Entry): Promise<void> {
  if (running) collect(benchmark, await running.measure(), figures);
}

/** Once; what is closed already is not closed again. */
async function close(entry: Entry): Promise<void> {
  const { running } = entry;
  entry.running = undefined;
  await running?.close();
}

function tooLate(): never {
  throw new WorkUndoneError('It hangs, and is given up');
}

function collect(
  { name, figures: specs }: Benchmark,
  measurement: Measurement,
  figures: Map<string, number[]>,
): void {
  for (const { name: figure } of specs) {
    const value = measurement[figure];
    if (value === undefined || !Number.isFinite(value)) {
      throw new FigureMissingError(`${name} gave no ${figure}`, { fields: { value } });
    }
    figures.set(figure, [...(figures.get(figure) ?? []), value]);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
