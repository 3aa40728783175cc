import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What is started in a place, each time. */
export interface Program {
  /** Of node, the script first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Loaded before the script where the clock is off, and told by how much in the last argument. */
  readonly clockScript: string;
  readonly logFile: string;
}

/** The end of a process that nobody had asked for. */
export interface UnaskedEnd {
  readonly place: string;
  readonly at: string;
  /** Its exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly how: string;
}

/** Those that are killed when this process ends, however that comes about. */
const living = new Set<ChildProcess>();
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')));

/** As Docker’s restart policy has it. */
const RESTART_MS = 500;

/** Who has not ended so long after SIGTERM never will. */
const STOP_MS = 30_000;

/**
 * A place and the process that fills it, which is replaced when it ends by itself:
 *
 * ```
 *          start            ends by itself
 * (empty) ───────► running ───────────────► (empty, RESTART_MS) ──► running
 *    ▲                │
 *    └──────stop──────┘
 * ```
 */
export class RigProcess {
  readonly unaskedEnds: UnaskedEnd[] = [];
  private child: ChildProcess | undefined;
  private isWanted = false;

  constructor(
    readonly name: string,
    private readonly program: Program,
  ) {}

  /** Of the process that runs now, if one does. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start({ clockOffsetMs }: { readonly clockOffsetMs?: number } = {}): void {
    const { args, env, clockScript, logFile } = this.program;
    this.isWanted = true;
    const log = openSync(logFile, 'a');
    const skewed = clockOffsetMs === undefined ? args : ['--require', clockScript, ...args];
    const child = spawn(
      process.execPath,
      [...skewed, ...(clockOffsetMs === undefined ? [] : [String(clockOffsetMs)])],
      { env, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    this.child = child;
    living.add(child);
    child.once('exit', (code, signal) => {
      living.delete(child);
      if (this.child === child) void this.replace(code, signal ?? `exit code ${code}`);
    });
  }

  /** Ends the process and leaves the place empty; one that heeds no SIGTERM is killed, and told of. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.isWanted = false;
    this.child = undefined;
    if (!child) return;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const deadline = new AbortController();
    const late = delay(STOP_MS, 'late', { signal: deadline.signal }).catch(() => undefined);
    if ((await Promise.race([ended, late])) === 'late') {
      this.tell(null, `no end within ${STOP_MS} ms of ${signal}`);
      child.kill('SIGKILL');
      await ended;
    }
    deadline.abort();
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  private async replace(code: number | null, how: string): Promise<void> {
    this.child = undefined;
    this.tell(code, how);
    await delay(RESTART_MS);
    if (!this.child && this.isWanted) this.start();
  }

  private tell(code: number | null, how: string): void {
    const lines = readFileSync(this.program.logFile, 'utf8').trimEnd().split('\n');
    const said = lines.at(-1)?.slice(0, 500) ?? '';
    this.unaskedEnds.push({
      place: this.name,
      at: new Date().toISOString(),
      code,
      how: `${how}; it said last: ${said}`,
    });
  }
}
