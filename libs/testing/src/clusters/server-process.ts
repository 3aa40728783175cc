import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { eventually } from '../eventually';

/** How to run a server. */
export interface ServerCommand {
  /** For people: `redis-3`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly logFile: string;
  /** Whether it can be used; that it throws means no. */
  readonly isReady: () => Promise<boolean>;
}

/** Servers end with the process that started them. */
const started = new Set<ChildProcess>();
process.once('exit', () => started.forEach(killGroup));

/** A server that a test kills and starts again, on the same ports and data. */
export class ServerProcess {
  private child: ChildProcess | undefined;

  constructor(private readonly command: ServerCommand) {}

  get name(): string {
    return this.command.name;
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  /** Starts it and returns at once. */
  launch(): void {
    const { file, args, env, cwd, user, logFile } = this.command;
    const log = openSync(logFile, 'a', 0o600);
    const stdio: ['ignore', number, number] = ['ignore', log, log];
    // In a group of its own, as servers have helpers that have to go with them.
    const child = spawn(file, args, { cwd, env, stdio, detached: true, ...user });
    closeSync(log);
    this.child = child;
    started.add(child);
    child.once('exit', () => started.delete(child));
  }

  /** @throws {Error} where it ends first, with the end of its log */
  async ready(timeoutMs = 120_000): Promise<void> {
    await eventually(() => !this.isRunning || this.command.isReady(), {
      timeoutMs,
      intervalMs: 100,
      what: `${this.name} to be ready`,
    });
    if (this.isRunning) return;
    const said = readFileSync(this.command.logFile, 'utf8').slice(-2_000);
    throw new Error(`${this.name} ended at its start:\n${said}`);
  }

  /** Kills it and all its helpers, as a crash would. */
  async kill(): Promise<void> {
    if (!this.child || !this.isRunning) return;
    const ended = once(this.child, 'exit');
    killGroup(this.child);
    await ended;
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}
