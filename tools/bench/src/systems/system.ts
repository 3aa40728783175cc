import type { PrivateServers } from '@askflash/testing';
import type { Workbench } from '../benchmark';
import type { Program, ProgramOptions } from './program';

/** A server that all benchmarks share. */
export type ServerName = 'postgres' | 'redis' | 'rabbitmq';

/** What a system is started with. */
export interface SystemStage {
  readonly bench: Workbench;
  readonly servers: PrivateServers;
  /** Starts a process of the system in the root of the workspace, with its log in the run’s folder. */
  start(options: Pick<ProgramOptions, 'role' | 'command' | 'args' | 'env'>): Program;
}

/** A system that is up and takes tasks. */
export interface RunningSystem {
  /** Calls `serveClient`. */
  readonly client: Program;
  /** Those that run stages, and call `serveWorker`: frozen while a backlog is submitted. */
  readonly workers: readonly Program[];
  /** Those between client and workers, such as a coordinator. */
  readonly others?: readonly Program[];
  /** Pids of servers of the system's own, by the name they are told under. */
  readonly servers?: Readonly<Record<string, readonly number[]>>;
  /** Removes what the system has of the shared servers; the processes have ended by then. */
  close?(): Promise<void>;
}

/** A system that can do a linear task of five stages, in processes of its own. */
export interface System {
  readonly name: string;
  readonly title: string;
  readonly durability: string;
  /** The shared servers that it uses: their CPU time is part of the work. */
  readonly servers: readonly ServerName[];
  /** Starts it on servers that are up; its programs end by themselves where this fails. */
  start(stage: SystemStage): Promise<RunningSystem>;
}
