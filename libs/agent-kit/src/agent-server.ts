import type { AGENT_CONFIG, ConfigOf } from '@askflash/config';
import { STAGE_REQUESTED, type AgentDefinition } from '@askflash/contracts';
import {
  MessagingNotReadyError,
  awaitTopology,
  connectMessaging,
  type Consumer,
  type Messaging,
} from '@askflash/messaging';
import { connectRedisTasks, type RedisTasks } from '@askflash/redis-tasks';
import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Registry } from 'prom-client';
import { lastValueFrom } from 'rxjs';
import { resolveAgent } from './agent-definition';
import { AttemptWatch } from './attempt-watch';
import { heedDirectives } from './conformance';
import { isStageExtras, type StageHandlerExtras } from './decorators';
import { Heartbeat } from './heartbeat';
import type { AgentIdentity } from './report';
import type { StageContext } from './stage-context';
import type { StageEntry } from './stage-execution';
import { StageMetrics } from './stage-metrics';
import { StageRunner } from './stage-runner';

/** Where neither AGENT_CONCURRENCY_COUNT nor the registry says. */
const DEFAULT_CONCURRENCY = 10;

/** What stages that were cut off at shutdown get to hand their requests back. */
const REPORT_GRACE_MS = 1_000;

/** What an agent's server needs to know. */
export interface AgentServerOptions {
  readonly config: ConfigOf<typeof AGENT_CONFIG>;
  /** UUIDv7 of this process. */
  readonly instanceId: string;
  readonly version: string;
  /** Where the stages' metrics go. */
  readonly registry: Registry;
}

/**
 * Nest's transport for agents: takes stages from the agent's queue, runs their handlers and reports
 * what came of them.
 *
 * ```
 * listen ──► connecting ──► consuming ──close──► draining ──► closed
 * ```
 *
 * `listen` fails on a handler that does not fit the registry and on a missing queue; a broker that
 * is down is waited for.
 */
export class AgentServer extends Server implements CustomTransportStrategy {
  private readonly log = new Logger(AgentServer.name);
  private readonly found: { extras: StageHandlerExtras; handler: MessageHandler }[] = [];
  private readonly closing = new AbortController();
  private messaging: Messaging | undefined;
  private redisTasks: RedisTasks | undefined;
  private consumer: Consumer | undefined;
  private heartbeat: Heartbeat | undefined;
  private runner: StageRunner | undefined;
  private concurrency = DEFAULT_CONCURRENCY;

  constructor(private readonly options: AgentServerOptions) {
    super();
  }

  /**
   * Whether the agent takes stages from its queue and can report on them.
   *
   * @throws {MessagingNotReadyError} with what keeps it from that
   */
  assertReady(): void {
    if (!this.messaging || !this.consumer) {
      throw new MessagingNotReadyError('The agent waits for RabbitMQ, and for its queue');
    }
    this.messaging.status.assertReady();
  }

  /** Nest calls this for each handler; kept apart from its map, which swallows doubles. */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    super.addHandler(pattern, handler, isEventHandler, extras);
    if (isStageExtras(extras)) this.found.push({ extras, handler });
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.open();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    const { drainTimeoutMs } = this.options.config;
    const graceMs = drainTimeoutMs + REPORT_GRACE_MS;
    const overdue = setTimeout(() => this.runner?.abort(), drainTimeoutMs);
    await Promise.all([this.consumer?.stop(graceMs), this.runner?.drained(graceMs)]);
    clearTimeout(overdue);
    await this.heartbeat?.stop();
    await this.messaging?.close();
    await this.redisTasks?.close();
  }

  on(): never {
    throw new Error('An agent’s server has no events of its own');
  }

  unwrap<T>(): T {
    throw new Error('An agent’s server gives no access to its connections');
  }

  private async open(): Promise<void> {
    const { config, instanceId, version, registry } = this.options;
    const agent = resolveAgent(this.found.map(({ extras }) => extras));
    const appName = `${agent.name}-agent`;
    const messaging = await connectMessaging({ url: config.rabbitmqUrl, appName, registry });
    const redisTasks = connectRedisTasks({
      url: config.redisUrl,
      keyPrefix: config.redisKeyPrefix,
    });
    this.messaging = messaging;
    this.redisTasks = redisTasks;
    await awaitTopology(config.rabbitmqUrl, [agent.queue], this.closing.signal);
    if (this.closing.signal.aborted) return;

    this.concurrency = config.concurrency ?? agent.concurrency ?? DEFAULT_CONCURRENCY;
    const identity = { agent: agent.name, instanceId };
    const runner = this.createRunner(identity, messaging, redisTasks);
    this.runner = runner;
    this.consumer = await messaging.consumers.consume({
      queue: agent.queue,
      tag: instanceId,
      prefetch: this.concurrency,
      contracts: [STAGE_REQUESTED],
      handle: (message) => runner.handle(message.payload, message),
    });
    this.heartbeat = this.createHeartbeat(agent, version, identity, messaging, runner);
    this.heartbeat.start();
    this.log.log(`${agent.name} takes ${agent.stages.join(', ')} from ${agent.queue}`);
  }

  private createRunner(
    identity: AgentIdentity,
    { publisher }: Messaging,
    redisTasks: RedisTasks,
  ): StageRunner {
    const stages = new Map<string, StageEntry>(
      this.found.map(({ extras: { stage, input, output }, handler }) => {
        const invoke = async (data: unknown, context: StageContext): Promise<unknown> =>
          lastValueFrom(this.transformToObservable(await handler(data, context)));
        const handle = this.options.config.conformance ? heedDirectives(invoke) : invoke;
        return [stage, { input, output, invoke: handle }];
      }),
    );
    return new StageRunner({
      identity,
      stages,
      publisher,
      appendProgress: (taskId, events) => redisTasks.appendProgress(taskId, events),
      watch: new AttemptWatch(redisTasks, this.log),
      metrics: new StageMetrics(this.options.registry),
      acknowledgeAfterMs: this.options.config.acknowledgeAfterMs,
      onLongWork: (count) => this.limitWork(count),
      log: this.log,
    });
  }

  /** What runs on acknowledged no longer counts towards the prefetch: there is a limit to it too. */
  private limitWork(count: number): void {
    const change = count >= this.concurrency ? this.consumer?.pause() : this.consumer?.resume();
    change?.catch((error: unknown) => this.log.warn(`The queue is not consumed: ${error}`));
  }

  private createHeartbeat(
    agent: AgentDefinition,
    version: string,
    identity: AgentIdentity,
    { publisher }: Messaging,
    { counts }: StageRunner,
  ): Heartbeat {
    const about = {
      ...identity,
      version,
      queue: agent.queue,
      stages: [...agent.stages],
      startedAt: new Date().toISOString(),
      intervalMs: this.options.config.heartbeatIntervalMs,
    };
    return new Heartbeat(publisher, about, counts, this.log);
  }
}
