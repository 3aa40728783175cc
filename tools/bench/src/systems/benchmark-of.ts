import type { Benchmark, FigureSpec, Measurement, RunningBenchmark, Workbench } from '../benchmark';
import { percentile } from '../statistics';
import { cpuOf } from './cpu';
import { Program } from './program';
import { pace, workOffBacklog } from './round';
import type { RunningSystem, System, SystemStage } from './system';

type Target = NonNullable<FigureSpec['target']>;

/** How much work a round is. */
const WORK = {
  full: { warmUp: 2_000, backlog: 5_000, rate: 50, seconds: 30 },
  quick: { warmUp: 100, backlog: 400, rate: 50, seconds: 3 },
} as const;

/** Makes a benchmark of a system: a backlog worked off, then a steady stream. */
export function benchmarkOf(
  system: System,
  targets: Readonly<Partial<Record<string, Target>>> = {},
): Benchmark {
  const { name, title, durability } = system;
  return {
    name,
    title,
    durability,
    figures: FIGURES.map((figure) => {
      const target = targets[figure.name];
      return target ? { ...figure, target } : figure;
    }),
    setUp: (bench) => setUp(system, bench),
  };
}

const FIGURES: readonly FigureSpec[] = [
  { name: 'tasks', unit: '/s', better: 'higher' },
  { name: 'submitted', unit: '/s', better: 'higher' },
  { name: 'CPU a task', unit: 'ms', better: 'lower' },
  { name: 'p50 at 50/s', unit: 'ms', better: 'lower' },
  { name: 'p95 at 50/s', unit: 'ms', better: 'lower' },
  { name: 'p99 at 50/s', unit: 'ms', better: 'lower' },
];

async function setUp(system: System, bench: Workbench): Promise<RunningBenchmark> {
  const servers = await bench.servers();
  const programs: Program[] = [];
  const stage: SystemStage = {
    bench,
    servers,
    start: (options) => {
      const logFile = `${bench.folder}/${system.name}-${options.role}.log`;
      const program = Program.start({ ...options, logFile });
      programs.push(program);
      return program;
    },
  };
  const stop = () => Promise.all(programs.map((program) => program.stop()));
  let running: RunningSystem;
  try {
    running = await system.start(stage);
  } catch (error) {
    await stop();
    throw error;
  }
  const work = bench.isQuick ? WORK.quick : WORK.full;
  const parts = await partsOf(system, running, stage);
  return {
    warmUp: async () => {
      await workOffBacklog(running, work.warmUp);
      await pace(running, { rate: work.rate, seconds: 1 });
    },
    measure: () => measure(running, parts, work, bench),
    close: async () => {
      await stop();
      await running.close?.();
    },
  };
}

/** The processes that do a system's work, by the name they are told under. */
type Parts = readonly { readonly name: string; readonly pids: readonly number[] }[];

async function partsOf(
  { servers: used }: System,
  { workers, others = [], servers: own = {} }: RunningSystem,
  { servers }: SystemStage,
): Promise<Parts> {
  const shared = await Promise.all(
    used.map(async (name) => ({ name, pids: [await servers[name].pid()] })),
  );
  const programs = [...others, ...workers].map(({ role, pid }) => ({ name: role, pids: [pid] }));
  const ownServers = Object.entries(own).map(([name, pids]) => ({ name, pids }));
  return [...programs, ...ownServers, ...shared];
}

async function measure(
  running: RunningSystem,
  parts: Parts,
  { backlog, rate, seconds }: (typeof WORK)['full' | 'quick'],
  bench: Workbench,
): Promise<Measurement> {
  const all = [...parts, { name: 'client', pids: [running.client.pid] }];
  const readParts = () => all.map(({ pids }) => cpuOf(pids));
  const before = readParts();
  const { submittedMs, workedOffMs } = await workOffBacklog(running, backlog);
  const used = readParts().map((cpu, index) => (cpu - (before[index] ?? 0)) / backlog);
  bench.say(
    `CPU ms a task: ${all
      .map(({ name }, index) => `${name} ${used[index]?.toFixed(2)}`)
      .join(', ')}`,
  );
  const latencies = await pace(running, { rate, seconds });
  return {
    tasks: (backlog * 1000) / workedOffMs,
    submitted: (backlog * 1000) / submittedMs,
    'CPU a task': used.slice(0, -1).reduce((sum, cpu) => sum + cpu, 0),
    'p50 at 50/s': percentile(latencies, 50),
    'p95 at 50/s': percentile(latencies, 95),
    'p99 at 50/s': percentile(latencies, 99),
  };
}
