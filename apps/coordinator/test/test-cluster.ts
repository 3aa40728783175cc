import { taskView } from '@askflash/contracts';
import {
  AppProcess,
  eventually,
  findViolations,
  freePort,
  type TestBackbone,
  type Violation,
} from '@askflash/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';

/** Those whose stages the templates have. */
const AGENTS = ['embedding', 'executor'] as const;
type AgentName = (typeof AGENTS)[number];

/** So patient that no time-out makes good for what was lost: then the tests wait in vain. */
const PATIENT = { timeoutMs: 600_000 };
const LOOKUP = { ...PATIENT, name: 'embedding_lookup' };
const TEMPLATES = {
  patient_lookup: [LOOKUP, { ...PATIENT, name: 'response_packaging', dependsOn: [LOOKUP.name] }],
  patient_answer: [
    LOOKUP,
    { ...PATIENT, name: 'executor_reasoning', dependsOn: [LOOKUP.name] },
    { ...PATIENT, name: 'response_packaging', dependsOn: ['executor_reasoning'] },
  ],
};
const TEMPLATE_NAMES = Object.keys(TEMPLATES);

/** For what may have to wait for a server that restarts and for leases that run out. */
const PATIENCE = { timeoutMs: 120_000, intervalMs: 100 };

const GUIDE = `# Agents

## Add an agent

To add a new agent, run the generator. It registers the agent's queue.
`;

/** Coordinators and agents as processes of their own, and a client that asks them. */
export class TestCluster {
  /** Ids of the tasks that were answered with 202. */
  readonly accepted: string[] = [];
  private readonly apps: AppProcess[] = [];
  private readonly coordinators = new Map<string, AppProcess>();
  private readonly knowledgeDir = mkdtempSync(join(tmpdir(), 'askflash-knowledge-'));
  private readonly pool: Pool;
  private storedTemplates: Promise<void> | undefined;
  private asked = 0;

  constructor(private readonly env: TestBackbone['env']) {
    writeFileSync(join(this.knowledgeDir, 'guide.md'), GUIDE);
    this.pool = new Pool({ connectionString: env.DATABASE_URL, max: 5 });
    this.pool.on('error', () => undefined); // A server that fails is what is tested.
  }

  /** Starts a coordinator and waits until it is ready, or has died. */
  async startCoordinator(env: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const app = this.start('coordinator', {
      COORDINATOR_PORT: String(port),
      COORDINATOR_POLL_INTERVAL_MS: '100',
      ...env,
    });
    await eventually(async () => !app.isRunning || (await fetch(`${url}/health/ready`)).ok, {
      timeoutMs: 60_000,
      intervalMs: 50,
      what: 'the coordinator to be ready',
    });
    this.coordinators.set(url, app);
    if (app.isRunning) await (this.storedTemplates ??= storeTemplates(url));
    return app;
  }

  startAgent(name: AgentName, env: Readonly<Record<string, string>> = {}): AppProcess {
    return this.start(`agents/${name}`, {
      KNOWLEDGE_DIR: this.knowledgeDir,
      AGENT_DRAIN_TIMEOUT_MS: '2000',
      ...env,
    });
  }

  /** One instance of each agent. */
  startAgents(env: Readonly<Record<string, string>> = {}): void {
    for (const name of AGENTS) this.startAgent(name, env);
  }

  /** Hands one task in: its id, or undefined where no coordinator accepted it. */
  async handIn(
    task: {
      readonly userId: string;
      readonly template?: string | undefined;
      readonly input?: object;
    },
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string | undefined> {
    const urls = this.running();
    const url = urls[this.asked % urls.length];
    try {
      const response = await fetch(`${url}/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: 'How do I add a new agent?', ...task }),
        signal: AbortSignal.timeout(10_000),
      });
      if (response.status !== 202) return undefined;
      const { id } = taskView.parse(await response.json());
      this.accepted.push(id);
      return id;
    } catch {
      return undefined; // Killed, or not there: whether it was accepted is unknown.
    }
  }

  /** Hands tasks in at once; what no coordinator accepts is not tried again. */
  async ask(userId: string, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.askOnce(userId)));
  }

  /**
   * Has tasks worked through, whatever happens meanwhile: as many clients each hand one in after the
   * other, the next when the last has ended.
   */
  async workThrough(userId: string, count: number, clientCount = 20): Promise<void> {
    let left = count;
    const client = async (): Promise<void> => {
      while ((left -= 1) >= 0) {
        const id = await eventually(() => this.askOnce(userId), PATIENCE);
        await eventually(() => this.hasEnded(id), PATIENCE);
      }
    };
    await Promise.all(Array.from({ length: clientCount }, client));
  }

  /** Waits until every task has ended and nothing is unsent. */
  async comeToRest(timeoutMs = 90_000): Promise<void> {
    const busy = () =>
      this.query(
        `SELECT (SELECT count(*)::int FROM task_histories WHERE finished_at IS NULL) AS running,
                (SELECT count(*)::int FROM task_outbox) AS unsent`,
      );
    await eventually(
      async () => {
        const [counts] = await busy();
        return counts?.['running'] === 0 && counts['unsent'] === 0;
      },
      { timeoutMs, intervalMs: 250, what: `all tasks to end; ${JSON.stringify(await busy())}` },
    );
  }

  async finishedCount(): Promise<number> {
    const [row] = await this.query(
      'SELECT count(*)::int AS count FROM task_histories WHERE finished_at IS NOT NULL',
    );
    return Number(row?.['count']);
  }

  /** How tasks ended, and the most attempts that a stage of theirs took: each pair once. */
  outcomes(): Promise<Record<string, unknown>[]> {
    return this.query(
      `SELECT DISTINCT status, max(attempt) AS attempts
         FROM task_histories JOIN task_stage_logs ON task_id = id
        GROUP BY id, status`,
    );
  }

  violations(): Promise<Violation[]> {
    const { env, accepted } = this;
    const [coordinatorUrl] = this.running();
    if (coordinatorUrl === undefined) throw new Error('No coordinator runs');
    const consumed = ['mcp.results', ...AGENTS.map((name) => `${name}.task`)];
    return findViolations({ env, accepted, coordinatorUrl, consumed });
  }

  /** The end of what each process has said. */
  get output(): string {
    return this.apps.map(({ name, output }) => `--- ${name}\n${output.slice(-2_000)}`).join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.stop('SIGKILL')));
    await this.pool.end();
    rmSync(this.knowledgeDir, { recursive: true, force: true });
  }

  private start(app: string, env: Readonly<Record<string, string>>): AppProcess {
    const started = AppProcess.start(app, { ...this.env, ...env });
    this.apps.push(started);
    return started;
  }

  private running(): string[] {
    return [...this.coordinators].filter(([, app]) => app.isRunning).map(([url]) => url);
  }

  /** The task's id; undefined where no coordinator accepted it. */
  private askOnce(userId: string): Promise<string | undefined> {
    this.asked += 1;
    const template = TEMPLATE_NAMES[this.asked % TEMPLATE_NAMES.length];
    return this.handIn({ userId, template });
  }

  private async hasEnded(id: string): Promise<boolean> {
    const [row] = await this.query('SELECT finished_at FROM task_histories WHERE id = $1', [id]);
    return row?.['finished_at'] !== null;
  }

  private async query(sql: string, values: string[] = []): Promise<Record<string, unknown>[]> {
    return (await this.pool.query<Record<string, unknown>>(sql, values)).rows;
  }
}

async function storeTemplates(url: string): Promise<void> {
  for (const [name, stages] of Object.entries(TEMPLATES)) {
    const response = await fetch(`${url}/templates/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ description: 'Waits for ever', stages }),
    });
    if (response.status !== 201) throw new Error(await response.text());
  }
}
