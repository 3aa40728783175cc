import { eventually } from '@askflash/testing';
import { z } from 'zod';
import { WorkUndoneError } from './errors';
import STAGES from './program/stages.json';
import type { Program } from './program';

/** What a round needs of a running system. */
export interface SystemAtWork {
  readonly client: Pick<Program, 'call' | 'lost'>;
  readonly workers: readonly Pick<Program, 'call' | 'lost' | 'freeze' | 'thaw'>[];
  readonly others?: readonly Pick<Program, 'lost'>[];
}

const DEADLINE_MS = 300_000;
const LOOK_INTERVAL_MS = 20;

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
 * @throws {WorkUndoneError} where not every stage of every task was run
 */
export async function workOffBacklog(
  system: SystemAtWork,
  taskCount: number,
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
  await whileAllRun(system, (lost) => completion(system, taskCount, lost));
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
  system: SystemAtWork,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<readonly number[]> {
  const { client } = system;
  await client.call('begin');
  const taken = await whileAllRun(system, () => client.call('pace', rate, seconds));
  await whileAllRun(system, (lost) => completion(system, rate * seconds, lost));
  await checkRuns(system, rate * seconds);
  return latencies.parse(taken);
}

/** Lets work go on for as long as all of the system's processes do. */
async function whileAllRun<T>(
  { client, workers, others = [] }: SystemAtWork,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const lost = Promise.race([client, ...workers, ...others].map((program) => program.lost));
  lost.catch(() => controller.abort());
  return Promise.race([work(controller.signal), lost]);
}

/** Asks the workers first, as their answer costs nothing, and then the system itself. */
async function completion(
  { client, workers }: SystemAtWork,
  taskCount: number,
  lost: AbortSignal,
): Promise<void> {
  const until = (what: string, isSo: () => Promise<boolean>): Promise<boolean> =>
    eventually(async () => lost.aborted || (await isSo()), {
      timeoutMs: DEADLINE_MS,
      intervalMs: LOOK_INTERVAL_MS,
      what,
    });
  await until(`${taskCount} tasks to be worked off`, async () => {
    const counts = await Promise.all(workers.map((worker) => worker.call('count')));
    return sum(counts.map((value) => count.parse(value))) >= taskCount * STAGES.length;
  });
  await until(
    `${taskCount} tasks to end`,
    async () => count.parse(await client.call('completed')) >= taskCount,
  );
}

async function checkRuns({ client, workers }: SystemAtWork, taskCount: number): Promise<void> {
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
