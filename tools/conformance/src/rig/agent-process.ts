import type { Environment } from '@askflash/config';
import { spawn, type ChildProcess } from 'node:child_process';

/** How much of what an agent says is kept, in characters. */
const OUTPUT_LENGTH = 4_000;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started at all. */
  readonly error?: Error;
}

/** The agent under test, in a process of its own. */
export class AgentProcess {
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private ending: Ending | undefined;
  private said = '';

  constructor([program = '', ...args]: readonly string[], env: Environment) {
    this.child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const killWithUs = (): void => void this.child.kill('SIGKILL');
    process.once('exit', killWithUs);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (data) => (this.said = (this.said + data).slice(-OUTPUT_LENGTH)));
    }
    this.ended = new Promise<Ending>((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
      this.child.once('error', (error) => resolve({ code: null, signal: null, error }));
    }).then((ending) => {
      process.off('exit', killWithUs);
      return (this.ending = ending);
    });
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** How it ended and what it said last, in words. */
  get lastWords(): string {
    const said = this.said.trim();
    return `${describe(this.ending)}${said === '' ? '' : `; it said:\n${said}`}`;
  }

  /** Asks it to drain; whoever needs its end awaits `ended`. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** Ends it at once, whatever it is at. */
  async kill(): Promise<void> {
    if (this.isRunning) this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** A process’s end in words. */
export function describe(ending: Ending | undefined): string {
  if (!ending) return 'it still runs';
  if (ending.error) return `it cannot be started (${ending.error.message})`;
  return ending.signal ? `${ending.signal} ended it` : `it ended with exit code ${ending.code}`;
}
