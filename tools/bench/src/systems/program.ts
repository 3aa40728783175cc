import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { ProgramFailedError } from './errors';

/** What a program is started with. */
export interface ProgramOptions {
  /** Its role in the figures: `coordinator`, `worker`. */
  readonly role: string;
  /** Node unless given. */
  readonly command?: string;
  /** The script first where the command is Node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where its output goes. */
  readonly logFile: string;
}

interface Call {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A process of a system under measurement: a worker, a client, the coordinator. It ends with the
 * harness, and one that ends on its own fails every call.
 */
export class Program {
  private readonly calls = new Map<number, Call>();
  private readonly ended: Promise<unknown>;
  /** Rejects where the program ends before it is stopped. */
  readonly lost: Promise<never>;
  private nextId = 1;
  private failure: Error | undefined;
  /** Resolves once the program says that it is ready; only one that calls `serve` does. */
  readonly ready: Promise<unknown>;

  private constructor(
    readonly role: string,
    private readonly child: ChildProcess,
    logFile: string,
  ) {
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    this.ready = this.expect(0);
    this.ready.catch(() => undefined);
    child.on('message', (message) => this.settle(message));
    this.ended = once(child, 'exit').then(() => process.off('exit', killWithUs));
    this.lost = this.ended.then(() => {
      this.failure = new ProgramFailedError(`The ${role} has ended; ${logFile} says why`);
      for (const { reject } of this.calls.values()) reject(this.failure);
      this.calls.clear();
      throw this.failure;
    });
    this.lost.catch(() => undefined);
  }

  static start({
    role,
    command = process.execPath,
    args,
    env = {},
    logFile,
  }: ProgramOptions): Program {
    const log = openSync(logFile, 'a');
    const child = spawn(command, args, {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    return new Program(role, child, logFile);
  }

  /** The process; 0 where it could not be started. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * Has the program do something and gives what comes of it.
   *
   * @throws {ProgramFailedError} where it fails or ends
   */
  call(call: string, ...args: readonly unknown[]): Promise<unknown> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    const answer = this.expect(id);
    this.child.send({ id, call, args }, (error) => error && this.calls.get(id)?.reject(error));
    return answer;
  }

  /** Stops it where it stands. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  /** Lets it go on. */
  thaw(): void {
    this.child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.calls.set(id, { resolve, reject }));
  }

  private settle(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('id' in message)) return;
    const call = this.calls.get(Number(message.id));
    this.calls.delete(Number(message.id));
    if ('error' in message) {
      call?.reject(new ProgramFailedError(`The ${this.role} failed: ${message.error}`));
    } else if ('value' in message) call?.resolve(message.value);
  }
}
