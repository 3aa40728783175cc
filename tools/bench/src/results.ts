import { z } from 'zod';

/** One figure over all rounds. */
const figureResult = z.strictObject({
  name: z.string(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  rounds: z.array(z.number()),
  median: z.number(),
  /** The median divided by the reference's, where that has the figure too. */
  ratio: z.number().optional(),
  target: z.strictObject({ text: z.string(), isReached: z.boolean() }).optional(),
});

const benchmarkResult = z.strictObject({
  name: z.string(),
  title: z.string(),
  durability: z.string(),
  figures: z.array(figureResult),
  /** Why there are no figures. */
  failure: z.string().optional(),
});

const groupResult = z.strictObject({
  name: z.string(),
  title: z.string(),
  reference: z.string().optional(),
  measuredAt: z.iso.datetime(),
  isQuick: z.boolean(),
  benchmarks: z.array(benchmarkResult),
});

const machine = z.strictObject({
  cpu: z.string(),
  cores: z.number(),
  memoryGiB: z.number(),
  system: z.string(),
  /** How long the disk takes to make 8 KiB durable, in milliseconds. */
  fsync: z.strictObject({ median: z.number(), p99: z.number() }),
  /** Of Node and of the servers, by name. */
  versions: z.record(z.string(), z.string()),
});

/** What the bench writes as JSON, and everything that it shows is made of. */
export const benchResults = z.strictObject({ machine, groups: z.array(groupResult) });

export type FigureResult = z.output<typeof figureResult>;
export type BenchmarkResult = z.output<typeof benchmarkResult>;
export type GroupResult = z.output<typeof groupResult>;
export type Machine = z.output<typeof machine>;
export type BenchResults = z.output<typeof benchResults>;

/**
 * Results with those of a newer run in place of the older ones. Figures of another machine are
 * dropped: they cannot stand in one table.
 */
export function mergeResults(older: BenchResults, newer: BenchResults): BenchResults {
  const isSameMachine = machineName(older.machine) === machineName(newer.machine);
  const kept = isSameMachine ? older.groups : [];
  const replaced = new Map([...kept, ...newer.groups].map((group) => [group.name, group]));
  return { machine: newer.machine, groups: [...replaced.values()] };
}

/** What tells one machine from another. */
function machineName({ cpu, cores, memoryGiB }: Machine): string {
  return `${cpu} ${cores} ${memoryGiB}`;
}
