import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
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

/** A server that a test kills and starts again, on the same ports and data. It ends with the test. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private readonly killWithUs = (): void => this.send('SIGKILL');

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
    this.child = spawn(file, args, { cwd, env, stdio, detached: true, ...user });
    process.once('exit', this.killWithUs);
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
    if (!this.child) return;
    const ended = this.isRunning ? once(this.child, 'exit') : undefined;
    this.send('SIGKILL');
    await ended;
    process.off('exit', this.killWithUs);
  }

  private send(signal: NodeJS.Signals): void {
    if (this.child?.pid === undefined || !this.isRunning) return;
    process.kill(-this.child.pid, signal);
  }
}
