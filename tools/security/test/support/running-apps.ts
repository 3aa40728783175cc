import type { Environment } from '@askflash/config';
import { taskView, type TaskView } from '@askflash/contracts';
import { AppProcess, eventually, freePort } from '@askflash/testing';
import { ask, type Answer, type Asked } from './client';

/** An app in a process of its own, and where it answers. */
interface RunningApp {
  readonly process: AppProcess;
  readonly url: string;
}

const PORT_VARIABLES: Readonly<Record<string, string>> = {
  coordinator: 'COORDINATOR_PORT',
  'health-monitor': 'HEALTH_MONITOR_PORT',
};

/** Apps as they are built, each in a process of its own, on free ports. */
export class RunningApps {
  /** Everything that they have written, in the order in which it came. */
  written = '';
  private readonly apps = new Map<string, RunningApp>();

  /** @param client how its HTTP APIs are asked: the key, the authority */
  constructor(
    private readonly env: Environment,
    private readonly client: Asked = {},
  ) {}

  /** Starts one and does not wait for it. */
  async start(name: string, own: Environment = {}): Promise<AppProcess> {
    const port = await freePort();
    const env = { ...this.env, ...own, [PORT_VARIABLES[name] ?? 'AGENT_PORT']: String(port) };
    const process = AppProcess.start(name, env, (text) => (this.written += text));
    const scheme = this.env['HTTP_TLS_CERT_FILE'] ? 'https' : 'http';
    this.apps.set(name, { process, url: `${scheme}://localhost:${port}` });
    return process;
  }

  /** Asks an app's HTTP API. */
  ask(name: string, path: string, asked: Asked = {}): Promise<Answer> {
    return ask(`${this.urlOf(name)}${path}`, { ...this.client, ...asked });
  }

  urlOf(name: string): string {
    return this.find(name).url;
  }

  /** Waits until all say that they are ready. */
  async ready(): Promise<void> {
    for (const [name, { process }] of this.apps) {
      let last = '';
      const what = () => `${name} to be ready; it says ${last} ${process.output}`;
      await eventually(
        async () => {
          if (!process.isRunning) throw new Error(what());
          const { status, body } = await this.ask(name, '/health/ready');
          last = body;
          return status === 200;
        },
        { timeoutMs: 60_000, intervalMs: 200, what: `${name} to be ready` },
      ).catch((error: unknown) => {
        throw new Error(what(), { cause: error });
      });
    }
  }

  /** Hands a task in and waits until it has ended. */
  async runTask(task: object): Promise<TaskView> {
    const accepted = await this.ask('coordinator', '/tasks', { method: 'POST', body: task });
    if (accepted.status !== 202) throw new Error(`${accepted.status} ${accepted.body}`);
    const { id } = taskView.parse(JSON.parse(accepted.body));
    return eventually(
      async () => {
        const view = taskView.parse(
          JSON.parse((await this.ask('coordinator', `/tasks/${id}`)).body),
        );
        return view.finishedAt === null ? undefined : view;
      },
      { timeoutMs: 60_000, intervalMs: 100, what: `task ${id} to end` },
    );
  }

  get processes(): AppProcess[] {
    return [...this.apps.values()].map(({ process }) => process);
  }

  private find(name: string): RunningApp {
    const app = this.apps.get(name);
    if (!app) throw new Error(`${name} was not started`);
    return app;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }
}
