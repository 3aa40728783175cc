import { eventually } from '@askflash/testing';
import { z } from 'zod';
import { WorkUndoneError } from './errors';
import { STAGES } from './program/stages.mjs';
import type { RunningSystem } from './system';

const DEADLINE_MS = 300_000;
const LOOK_INTERVAL_MS = 10;

const milliseconds = z.number();
const latencies = z.array(z.number());
const count = z.number();
const runs = z.array(z.tuple([z.string(), z.array(z.string())]));

/** What a backlog took, in milliseconds. */
export interface BacklogTimes {
  readonly submittedMs: number;
  /** From the thaw to the end of the last task. */
  readonly workedOffMs: number;
}

/**
 * Has a backlog submitted while no worker runs, then lets the workers go and takes the time until the
 * last task has ended. So no system is helped by how fast its tasks come in.
 *
 * @param onThaw called as the workers start
 * @throws {WorkUndoneError} where not every stage of every task was run
 */
export async function workOffBacklog(
  system: RunningSystem,
  taskCount: number,
  onThaw: () => void = () => undefined,
): Promise<BacklogTimes> {
  const { client, workers } = system;
  await client.call('begin');
  for (const worker of workers) worker.freeze();
  let submittedMs: number;
  try {
    submittedMs = milliseconds.parse(await client.call('submit', taskCount));
  } finally {
    for (const worker of workers) worker.thaw();
  }
  const start = performance.now();
  onThaw();
  await ended(system, taskCount);
  const workedOffMs = performance.now() - start;
  await checkRuns(system, taskCount);
  return { submittedMs, workedOffMs };
}

/**
 * Has tasks submitted at a steady rate and gives how long each took, in milliseconds.
 *
 * @throws {WorkUndoneError} where not every stage of every task was run
 */
export async function pace(
  system: RunningSystem,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<readonly number[]> {
  const { client } = system;
  await client.call('begin');
  const taken = latencies.parse(await client.call('pace', rate, seconds));
  await ended(system, rate * seconds);
  await checkRuns(system, rate * seconds);
  return taken;
}

async function ended(system: RunningSystem, taskCount: number): Promise<void> {
  const { client, workers, others = [] } = system;
  const lost = [client, ...workers, ...others].map((program) => program.lost);
  await Promise.race([completion(system, taskCount), ...lost]);
}

/** Asks the workers first, as their answer costs nothing, and then the system itself. */
async function completion({ client, workers }: RunningSystem, taskCount: number): Promise<void> {
  const wait = { timeoutMs: DEADLINE_MS, intervalMs: LOOK_INTERVAL_MS };
  await eventually(
    async () => {
      const counts = await Promise.all(workers.map((worker) => worker.call('count')));
      return sum(counts.map((value) => count.parse(value))) >= taskCount * STAGES.length;
    },
    { ...wait, what: `${taskCount} tasks to be worked off` },
  );
  await eventually(async () => count.parse(await client.call('completed')) >= taskCount, {
    ...wait,
    what: `${taskCount} tasks to end`,
  });
}

async function checkRuns({ client, workers }: RunningSystem, taskCount: number): Promise<void> {
  const completed = count.parse(await client.call('completed'));
  if (completed !== taskCount) {
    throw new WorkUndoneError(`${completed} tasks have ended where ${taskCount} were submitted`);
  }
  const taken = await Promise.all(workers.map((worker) => worker.call('take')));
  const tasksByStage = new Map<string, Set<string>>();
  for (const [stage, tasks] of taken.flatMap((value) => runs.parse(value))) {
    const known = tasksByStage.get(stage) ?? new Set();
    tasksByStage.set(
      stage,
      tasks.reduce((set, task) => set.add(task), known),
    );
  }
  for (const stage of STAGES) {
    const tasks = tasksByStage.get(stage)?.size ?? 0;
    if (tasks === taskCount) continue;
    throw new WorkUndoneError(`${stage} was run for ${tasks} tasks of ${taskCount}`);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
