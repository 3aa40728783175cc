import type {
  Benchmark,
  BenchmarkGroup,
  Measurement,
  RunningBenchmark,
  Workbench,
} from './benchmark';
import { FigureMissingError } from './errors';
import type { Rounds } from './judge';

/** One benchmark on its way: set up and measured so far, or failed. */
interface Entry {
  readonly benchmark: Benchmark;
  running?: RunningBenchmark;
  readonly figures: Map<string, number[]>;
  failure?: string;
}

/**
 * Measures the benchmarks of a group in turn, round by round: what the machine does besides meets all
 * of them alike. One that fails is measured no further, and the others go on.
 */
export async function measureGroup(
  group: BenchmarkGroup,
  { bench, rounds }: { readonly bench: Workbench; readonly rounds: number },
): Promise<Rounds[]> {
  const entries = group.benchmarks.map((benchmark): Entry => ({ benchmark, figures: new Map() }));
  const forEach = async (what: string, action: (entry: Entry) => Promise<void>): Promise<void> => {
    for (const entry of entries) {
      if (entry.failure !== undefined) continue;
      bench.say(`${group.name}/${entry.benchmark.name}: ${what}`);
      await action(entry).catch((error: unknown) => {
        entry.failure = describe(error);
        bench.say(entry.failure);
      });
    }
  };
  try {
    await forEach('setting up', async (entry) => {
      entry.running = await entry.benchmark.setUp(bench);
      await entry.running.warmUp?.();
    });
    for (let round = 1; round <= rounds; round += 1) {
      await forEach(`round ${round} of ${rounds}`, async ({ benchmark, running, figures }) => {
        if (running) collect(benchmark, await running.measure(), figures);
      });
    }
  } finally {
    for (const entry of entries) {
      await entry.running?.close().catch((error: unknown) => (entry.failure ??= describe(error)));
    }
  }
  return entries.map(({ benchmark, figures, failure }) => ({
    name: benchmark.name,
    // Half of the rounds are no median of all.
    figures: failure === undefined ? figures : new Map(),
    ...(failure === undefined ? {} : { failure }),
  }));
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
