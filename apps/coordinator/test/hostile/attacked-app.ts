import type { Environment } from '@askflash/config';
import { AppProcess, eventually } from '@askflash/testing';

/** The sum of a metric over the series that have these labels: `queue="mcp.results"`. */
type ReadMetric = (name: string, ...labels: readonly string[]) => number;

/** An app as it is deployed, in a process of its own, seen from outside. */
export class AttackedApp {
  readonly url: string;
  private readonly app: AppProcess;

  /** @param app folder of the build below dist/apps */
  constructor(
    app: string,
    readonly port: number,
    env: Environment,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.app = AppProcess.start(app, {
      COORDINATOR_PORT: String(port),
      AGENT_PORT: String(port),
      LOG_LEVEL: 'error',
      ...env,
    });
  }

  async whenReady(): Promise<void> {
    const isReady = async () => !this.isRunning || (await this.get('/health/ready')).ok;
    await eventually(isReady, { timeoutMs: 60_000, what: `${this.app.name} to be ready` });
    if (!this.isRunning) throw new Error(`${this.app.name} ended: ${this.output}`);
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`);
  }

  /** Its metrics as they are now. */
  async metrics(): Promise<ReadMetric> {
    const lines = (await (await this.get('/metrics')).text()).split('\n');
    return (name, ...labels) =>
      lines
        .filter((line) => new RegExp(`^${name}[{ ]`).test(line))
        .filter((line) => labels.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Resident memory of the process. */
  async memoryBytes(): Promise<number> {
    return (await this.metrics())('process_resident_memory_bytes');
  }

  get isRunning(): boolean {
    return this.app.isRunning;
  }

  /** The end of what it has said: errors only. */
  get output(): string {
    return this.app.output;
  }

  stop(): Promise<void> {
    return this.app.stop();
  }
}
