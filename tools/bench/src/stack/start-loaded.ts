import type { TestBackbone } from '@askflash/testing';
import { join } from 'node:path';
import type { Workbench } from '../benchmark';
import { startBackbone } from '../systems/backbone/backbone';
import { Program } from '../systems/program';
import { workOffBacklog, type BacklogTimes } from '../systems/round';

/** A coordinator and five agents that do nothing, in processes of their own, and a client of theirs. */
export interface LoadedBackbone {
  readonly coordinatorPid: number;
  /** Works tasks of five stages off, and sees to it that every stage of every task was run. */
  workOff(taskCount: number): Promise<BacklogTimes>;
  stop(): Promise<void>;
}

/** Starts the processes on what `env` names. */
export async function startLoaded(
  bench: Workbench,
  name: string,
  env: TestBackbone['env'],
): Promise<LoadedBackbone> {
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
  };
  const start = (options: { role: string; args: readonly string[] }): Program => {
    const logFile = join(bench.folder, `${name}-${options.role}.log`);
    const program = Program.start({ ...options, logFile });
    programs.push(program);
    return program;
  };
  try {
    const running = await startBackbone({ start }, env);
    const coordinator = running.others?.find(({ role }) => role === 'coordinator');
    return {
      coordinatorPid: coordinator?.pid ?? 0,
      workOff: (taskCount) => workOffBacklog(running, taskCount),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
