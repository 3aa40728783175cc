import { newId } from '@askflash/config';
import { STAGE_COMPLETED, taskView, type TaskView } from '@askflash/contracts';
import { connectMessaging } from '@askflash/messaging';
import { AppProcess, eventually, freePort, type TestBackbone } from '@askflash/testing';

/** Its executor gets half a second, then the stage is asked for once more. */
const IMPATIENT = {
  description: 'An answer at once or never',
  stages: [
    { name: 'embedding_lookup', timeoutMs: 15_000 },
    {
      name: 'executor_reasoning',
      dependsOn: ['embedding_lookup'],
      timeoutMs: 500,
      retry: { limit: 1, backoffMs: 0 },
    },
    { name: 'response_packaging', dependsOn: ['executor_reasoning'], timeoutMs: 5_000 },
  ],
};

const SILENT = { log: () => undefined, warn: () => undefined };

/** Every part of a backbone as a process, where all that is counted happens once. */
export class ObservedBackbone {
  private readonly apps: AppProcess[] = [];
  private readonly ports = new Map<string, number>();
  private readonly reader = new AbortController();
  private executor: AppProcess | undefined;

  constructor(private readonly env: TestBackbone['env']) {}

  /** Where each job of prometheus.yml finds its targets. */
  get targets(): Readonly<Record<string, readonly string[]>> {
    const at = (...apps: string[]) => apps.map((app) => `127.0.0.1:${this.ports.get(app)}`);
    return {
      coordinator: at('coordinator'),
      'health-monitor': at('health-monitor'),
      agents: at('agents/embedding', 'agents/executor'),
    };
  }

  async start(): Promise<void> {
    await this.startApp('health-monitor', 'HEALTH_MONITOR_PORT', {
      HEALTH_MONITOR_INTERVAL_MS: '500',
      HEALTH_MONITOR_CANARY_INTERVAL_MS: '1000',
    });
    await this.startApp('coordinator', 'COORDINATOR_PORT', {
      COORDINATOR_OPEN_TASKS_MAX_COUNT: '5',
    });
    await this.startApp('agents/embedding', 'AGENT_PORT');
    await this.startExecutor();
    await Promise.all([...this.ports.keys()].map((app) => this.untilReady(app)));
    await this.call('PUT', '/templates/impatient', IMPATIENT);
  }

  /** Works a task off, and reports one of its stages once more. */
  async work(): Promise<void> {
    const { id } = await this.create('quick_answer');
    await eventually(async () => (await this.read(id)).status === 'complete');
    const messaging = await connectMessaging({
      url: this.env.RABBITMQ_URL,
      appName: 'test',
      logger: SILENT,
    });
    await messaging.publisher.publish(STAGE_COMPLETED, {
      taskId: id,
      stage: 'embedding_lookup',
      attempt: 1,
      agent: 'embedding',
      instanceId: newId(),
      startedAt: new Date().toISOString(),
      durationMs: 1,
      output: { passages: [] },
    });
    await messaging.close({ graceMs: 1_000 });
  }

  /**
   * Freezes the executor until a stage was asked for again and tasks are turned away, with a reader at
   * one of them; then ends it with all that it holds.
   */
  async loseExecutor(): Promise<void> {
    this.executor?.signal('SIGSTOP');
    const { id } = await this.create('impatient');
    await fetch(this.urlOf('coordinator', `/tasks/${id}/events`), { signal: this.reader.signal });
    await eventually(async () => {
      const { stages } = await this.read(id);
      return stages.some(({ attempt }) => attempt === 2);
    });
    await eventually(async () => (await this.post('quick_answer')).status === 503, {
      intervalMs: 250,
      what: 'a task to be turned away',
    });
    await this.executor?.stop('SIGKILL');
  }

  /** Starts it again, on the same port. */
  async startExecutor(): Promise<void> {
    this.executor = await this.startApp('agents/executor', 'AGENT_PORT');
  }

  async stop(): Promise<void> {
    this.reader.abort();
    await Promise.all(this.apps.map((app) => app.stop()));
  }

  private async startApp(
    app: string,
    portVariable: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<AppProcess> {
    const port = this.ports.get(app) ?? (await freePort());
    this.ports.set(app, port);
    const running = AppProcess.start(app, { ...this.env, ...env, [portVariable]: `${port}` });
    this.apps.push(running);
    return running;
  }

  private async untilReady(app: string): Promise<void> {
    await eventually(async () => (await fetch(this.urlOf(app, '/health/ready'))).ok, {
      what: `${app} to be ready`,
    });
  }

  private async create(template: string): Promise<TaskView> {
    const response = await this.post(template);
    if (response.status !== 202) throw new Error(await response.text());
    return taskView.parse(await response.json());
  }

  private post(template: string): Promise<Response> {
    return this.call('POST', '/tasks', { query: 'How do I stop it?', userId: 'ada', template });
  }

  private async read(id: string): Promise<TaskView> {
    return taskView.parse(await (await this.call('GET', `/tasks/${id}`)).json());
  }

  private call(method: string, path: string, body?: object): Promise<Response> {
    return fetch(this.urlOf('coordinator', path), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  private urlOf(app: string, path: string): string {
    return `http://127.0.0.1:${this.ports.get(app)}${path}`;
  }
}
