import { newId } from '@askflash/config';
import { STAGE_REQUESTED, type AgentDefinition, type StageRequested } from '@askflash/contracts';
import type { CanaryAnswer, DeadLetter } from '@askflash/messaging';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentGoneError, ConformanceViolatedError } from './errors';
import { agentEnvironment } from './rig/agent-environment';
import { AgentProcess } from './rig/agent-process';
import type { StageReport } from './rig/event';
import { Listener } from './rig/listener';
import { AgentQueue } from './rig/queue';
import { openServers, type ServerUrls, type Servers } from './rig/servers';
import { TrialTask, requestOf, type Directive, type OwnRequest } from './rig/trial-task';

const INTERVAL_MS = 10;
const REPORT_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 10_000;

/** What is tested, and on which servers. */
export interface BenchOptions extends ServerUrls {
  readonly agent: AgentDefinition;
  readonly stage: string;
  /** What starts the agent. */
  readonly command: readonly string[];
  readonly request: OwnRequest;
}

/** A request that was sent, and what can be done with it. */
export interface SentRequest {
  readonly request: StageRequested;
  /** CloudEvents `id`; each duplicate has the same. */
  readonly messageId: string;
  readonly task: TrialTask;
}

/** The agent under test on a virtual host of its own, and all that scenarios do with it. */
export class Bench {
  readonly sent: SentRequest[] = [];
  private creating: Promise<void> = Promise.resolve();
  private closed = false;

  private constructor(
    readonly options: BenchOptions,
    private readonly servers: Servers,
    readonly listener: Listener,
    readonly queue: AgentQueue,
    readonly process: AgentProcess,
  ) {}

  /** Makes all of it and starts the agent, which is not waited for. */
  static async open(options: BenchOptions): Promise<Bench> {
    const servers = await openServers(options);
    try {
      const listener = await Listener.open(servers.broker);
      const queue = await AgentQueue.open(servers.broker, options.agent.queue);
      const agent = new AgentProcess(options.command, agentEnvironment(servers.urls));
      return new Bench(options, servers, listener, queue, agent);
    } catch (error) {
      await servers.close();
      throw error;
    }
  }

  /** Ends the agent and removes all that was made; never throws. */
  async close(): Promise<void> {
    this.closed = true;
    await this.process.kill();
    await this.creating.catch(() => undefined);
    await Promise.allSettled(this.sent.map(({ task }) => task.remove()));
    await this.servers.close();
  }

  /** Requests the stage as the coordinator does; without a directive the agent does its own work. */
  async send(directive?: Directive): Promise<SentRequest> {
    const request = requestOf(this.options.stage, this.options.request, directive);
    const task = new TrialTask(this.servers.redisTasks, request);
    const sent = { request, task, messageId: newId() };
    // A scenario that is given up half-way goes on by itself, and nobody would remove its task.
    if (this.closed) throw new AgentGoneError('The run is over, and the agent ended');
    this.sent.push(sent);
    this.creating = task.create();
    await this.creating;
    await this.sendAgain(sent);
    return sent;
  }

  /** Sends the same message once more. */
  sendAgain({ request, messageId }: SentRequest): Promise<void> {
    return this.servers.messaging.publisher.publish(STAGE_REQUESTED, request, { messageId });
  }

  /** The first report on a request, which has to be well-formed. */
  async report(sent: SentRequest): Promise<StageReport> {
    const { taskId, stage } = sent.request;
    const report = await this.eventually(
      () => this.reportsOf(sent)[0] ?? this.listener.takeStray(),
      REPORT_TIMEOUT_MS,
    );
    if (!report) {
      throw new ConformanceViolatedError(
        `Nothing was reported on ${stage} of ${taskId} within ${REPORT_TIMEOUT_MS} ms`,
      );
    }
    if (report.problems.length > 0) {
      throw new ConformanceViolatedError(
        `The report on ${stage} is not as it has to be: ${report.problems.join('; ')}`,
        { fields: { taskId, problems: report.problems } },
      );
    }
    return report;
  }

  reportsOf({ request }: SentRequest): StageReport[] {
    return this.listener.reportsOf(request.taskId);
  }

  /** Checks that no more than one report on a request comes, `quietMs` from now. */
  async noSecondReport(sent: SentRequest, quietMs: number): Promise<void> {
    await this.eventually(() => this.reportsOf(sent).length > 1, quietMs);
    await this.answersProbe();
    const count = this.reportsOf(sent).length;
    if (count > 1) {
      const { stage, attempt } = sent.request;
      throw new ConformanceViolatedError(
        `Attempt ${attempt} of ${stage} was reported ${count} times instead of once`,
      );
    }
  }

  /** How long the agent takes to answer a probe, which it does after what is before it in the queue. */
  answersProbe(): Promise<number> {
    return this.servers.messaging.prober.probe(this.queue.name, { timeoutMs: PROBE_TIMEOUT_MS });
  }

  /**
   * In whose name the agent answers a canary; undefined where it tells none.
   *
   * @throws {ConformanceViolatedError} it does not answer
   */
  async answeringConsumer(): Promise<string | undefined> {
    const { canaries } = this.servers.messaging;
    const id = newId();
    let found: CanaryAnswer | undefined;
    canaries.listen({
      answered: (answer) => {
        if (answer.id === id) found = answer;
      },
      forgotten: () => undefined,
    });
    await this.eventually(() => canaries.send(this.queue.name, [id]), PROBE_TIMEOUT_MS);
    const answer = await this.eventually(() => found, PROBE_TIMEOUT_MS);
    if (answer) return answer.consumer;
    throw new ConformanceViolatedError(`A canary was not answered in ${PROBE_TIMEOUT_MS} ms`);
  }

  /** What is in the dead-letter queue. */
  deadLetters(): Promise<readonly DeadLetter[]> {
    return this.servers.messaging.deadLetters.checkOut(async ({ letters }) => letters);
  }

  /**
   * Calls `probe` until it gives something truthy, which it returns; past the time given undefined.
   *
   * @throws {AgentGoneError} where the agent ends meanwhile
   */
  async eventually<T>(
    probe: () => T | Promise<T>,
    timeoutMs: number,
  ): Promise<NonNullable<T> | undefined> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const value = await probe();
      if (value) return value;
      if (!this.process.isRunning) {
        throw new AgentGoneError(`The agent is gone: ${this.process.lastWords}`);
      }
      if (performance.now() > deadline) return undefined;
      await delay(INTERVAL_MS);
    }
  }
}
