import { AGENT_CONFIG, loadConfig, newId } from '@askflash/config';
import { STAGE_COMPLETED, STAGE_FAILED, STAGE_REQUESTED } from '@askflash/contracts';
import { RESULTS_QUEUE, acknowledge, connectMessaging, type Messaging } from '@askflash/messaging';
import { connectRedisTasks, type RedisTasks } from '@askflash/redis-tasks';
import { createTestBackbone, type TestBackbone } from '@askflash/testing';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { requestOf, type StageInput } from '../src/run-stage';
import { startAgent } from '../src/start-agent';
import { RequestedStage, type StageReport } from './requested-stage';

export interface WithBackboneOptions {
  /** Variables for the agent beside those of the backbone: `{ AGENT_CONCURRENCY_COUNT: '1' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gives the backbone to run on; a fresh one of the suite's own unless given. */
  readonly backbone?: () => Promise<TestBackbone>;
}

/** An agent at work on a real backbone. */
export interface AgentOnBackbone {
  /** The backbone's variables. */
  readonly env: TestBackbone['env'];
  /** Puts a stage into the agent's queue, as the coordinator does; what is not given is made up. */
  request(stage: string, input?: StageInput): Promise<RequestedStage>;
  /** Starts one more instance of the agent. */
  startInstance(): Promise<INestApplication>;
}

/**
 * Runs an agent's module on real servers for the suite it is called in: declares the topology in a
 * virtual host of its own before the first test, starts the agent, and removes it all after the last.
 *
 * ```ts
 * describe('the summarizer, on a real queue', () => {
 *   const agent = withBackbone(SummarizerModule);
 *
 *   it('reports a summary', async () => {
 *     const stage = await agent.request('summarize', { query: 'Shorter, please' });
 *     expect(await stage.report()).toMatchObject({ outcome: 'completed' });
 *   });
 * });
 * ```
 *
 * For specs named `*.integration.spec.ts`, whose target depends on the builds of `queue-init` and
 * `migration-runner`.
 */
export function withBackbone(
  module: Type | DynamicModule,
  { env = {}, backbone = createTestBackbone }: WithBackboneOptions = {},
): AgentOnBackbone {
  let running: RunningBackbone | undefined;
  const current = (): RunningBackbone => {
    if (!running) throw new Error('The backbone is there in tests only: inside it() or a hook');
    return running;
  };
  beforeAll(async () => {
    running = await RunningBackbone.start(await backbone(), module, env);
    await running.startInstance();
  });
  afterAll(async () => running?.stop());
  return {
    get env() {
      return current().env;
    },
    request: (stage, input) => current().request(stage, input),
    startInstance: () => current().startInstance(),
  };
}

class RunningBackbone {
  private readonly instances: INestApplication[] = [];
  private readonly requested = new Map<string, RequestedStage>();

  private constructor(
    private readonly backbone: TestBackbone,
    private readonly module: Type | DynamicModule,
    private readonly ownEnv: Readonly<Record<string, string>>,
    private readonly messaging: Messaging,
    private readonly redisTasks: RedisTasks,
  ) {}

  static async start(
    backbone: TestBackbone,
    module: Type | DynamicModule,
    ownEnv: Readonly<Record<string, string>>,
  ): Promise<RunningBackbone> {
    const { RABBITMQ_URL, REDIS_URL, REDIS_KEY_PREFIX } = backbone.env;
    const messaging = await connectMessaging({ url: RABBITMQ_URL, appName: 'agent-test' });
    const redisTasks = connectRedisTasks({ url: REDIS_URL, keyPrefix: REDIS_KEY_PREFIX });
    const running = new RunningBackbone(backbone, module, ownEnv, messaging, redisTasks);
    await messaging.consumers.consume({
      queue: RESULTS_QUEUE,
      prefetch: 100,
      contracts: [STAGE_COMPLETED, STAGE_FAILED],
      handle: async (message) => {
        running.note(
          message.type === 'stage.completed.v1'
            ? { outcome: 'completed', payload: message.payload }
            : { outcome: 'failed', payload: message.payload },
        );
        return acknowledge();
      },
    });
    return running;
  }

  get env(): TestBackbone['env'] {
    return this.backbone.env;
  }

  async startInstance(): Promise<INestApplication> {
    const config = loadConfig(AGENT_CONFIG, { LOG_LEVEL: 'silent', ...this.ownEnv, ...this.env });
    const app = await startAgent({
      appName: 'agent-under-test',
      module: this.module,
      config,
      instanceId: newId(),
      version: 'test',
    });
    this.instances.push(app);
    return app;
  }

  async request(stage: string, input: StageInput = {}): Promise<RequestedStage> {
    const request = requestOf(stage, input);
    const requested = new RequestedStage(request, this.redisTasks, (sent) =>
      this.messaging.publisher.publish(STAGE_REQUESTED, sent),
    );
    this.requested.set(request.taskId, requested);
    await requested.start();
    return requested;
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((app) => app.close()));
    await this.messaging.close();
    await this.redisTasks.close();
    await this.backbone.remove();
  }

  private note(report: StageReport): void {
    this.requested.get(report.payload.taskId)?.reports.push(report);
  }
}
