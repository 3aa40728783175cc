import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '@askflash/config';
import { WORKSPACE_ROOT } from './workspace-root';

/** How much of what an app says is kept, in characters. */
const OUTPUT_LENGTH = 20_000;

/**
 * One of the apps, as built, in a process of its own that a test may kill. A project that uses it
 * lets its `integration` target depend on the app's build.
 */
export class AppProcess {
  /** How it ended: the signal that killed it, or null and its exit code. */
  readonly ended: Promise<{ readonly signal: string | null; readonly code: number | null }>;
  private said = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    onOutput: (text: string) => void,
  ) {
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    this.ended = once(child, 'exit').then(([code, signal]) => {
      process.off('exit', killWithUs);
      return { code, signal };
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        this.said = (this.said + data).slice(-OUTPUT_LENGTH);
        onOutput(String(data));
      });
    }
  }

  /**
   * Starts an app; it is not waited for.
   *
   * @param app folder of the build below dist/apps: `coordinator`, `agents/executor`
   * @param onOutput told of all that it writes
   */
  static start(
    app: string,
    env: Environment,
    onOutput: (text: string) => void = () => undefined,
  ): AppProcess {
    const child = spawn(process.execPath, [`dist/apps/${app}/main.js`], {
      cwd: WORKSPACE_ROOT,
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ASKFLASH_STACK_FILE: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AppProcess(app, child, onOutput);
  }

  /** The end of what it has written so far. */
  get output(): string {
    return this.said;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Sends it a signal, such as SIGSTOP, and does not wait for what comes of it. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it: in order by SIGTERM, or as a crash by SIGKILL. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.isRunning) this.child.kill(signal);
    await this.ended;
  }
}
