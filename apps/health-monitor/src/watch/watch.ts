import { HEARTBEATS_QUEUE, type MessagingStatus } from '@askflash/messaging';
import { describeError } from '@askflash/service-kit';
import type { KnownInstance } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import type { AgentAssessor } from '../agents/agent-assessor';
import type { CanaryRounds } from '../canary/canary-rounds';
import type { OpenCondition } from '../conditions/condition';
import type { ConditionChanges } from '../conditions/condition-changes';
import { ConditionTracker } from '../conditions/condition-tracker';
import { findConditions } from '../conditions/find-conditions';
import type { Thresholds } from '../conditions/thresholds';
import type { Observation } from '../observe/observation';
import type { Observer } from '../observe/observer';
import { Past } from '../observe/past';

/** Before the first look: its own connections take a moment, and are not to be taken for servers away. */
const FIRST_LOOK_MS = 1_000;

/** How often what is open is read again. */
const RESUME_INTERVAL_MS = 60_000;

/** Where conditions are kept. */
export interface Journal {
  /** What is open already. */
  load(): Promise<readonly OpenCondition[]>;
  /** Never rejects. */
  record(changes: ConditionChanges): Promise<void>;
}

/** What a watch works with. */
export interface WatchParts {
  readonly observer: Pick<Observer, 'look'>;
  readonly rounds: Pick<CanaryRounds, 'send' | 'forgotten'>;
  readonly journal: Journal;
  readonly assessor: Pick<AgentAssessor, 'assess'>;
  readonly messaging: MessagingStatus;
  readonly intervalMs: number;
  readonly thresholds: Thresholds;
}

/**
 * Looks at the stack at an interval, and draws from each look what it means:
 *
 * ```
 *  waiting ──interval over──► look ─► send canaries ─► judge instances ─► find conditions ─► record
 *     ▲                                                                                        │
 *     └────────────────────────────────────────────────────────────────────────────────────────┘
 * ```
 *
 * Any number of monitors may watch: what they write is the same, or written once.
 */
export class Watch {
  private readonly logger = new Logger(Watch.name);
  private readonly tracker = new ConditionTracker();
  private readonly past = new Past();
  private readonly listeners = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = true;
  private resumedAtMs = -Infinity;
  private sightedSinceMs: number | undefined;
  private roundAtMs = -Infinity;

  /** What the last look saw; undefined before the first. */
  latest: Observation | undefined;

  constructor(private readonly parts: WatchParts) {}

  /** Every condition that is open. */
  get conditions(): readonly OpenCondition[] {
    return this.tracker.open;
  }

  /** How many messages waited in a queue at each look of the last `withinMs`, oldest first. */
  depths(queue: string, withinMs: number): number[] {
    return this.past.depths(queue, withinMs);
  }

  /** Has a listener called after each look; the function given back ends that. */
  onLook(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.stopped = false;
    this.lookSoon(Math.min(this.parts.intervalMs, FIRST_LOOK_MS));
  }

  /** Resolves once a look that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private lookSoon(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look()
        .catch((error: unknown) => this.logger.error(error))
        .finally(() => this.lookSoon(this.parts.intervalMs));
    }, delayMs);
  }

  private async look(): Promise<void> {
    const { observer, journal, thresholds } = this.parts;
    await this.resume();
    const seen = await observer.look();
    if (isBlocked(seen)) this.parts.rounds.forgotten();
    else this.sendCanaries(seen);
    const observation = { ...seen, instances: await this.assess(seen) };
    this.past.remember(observation);
    const findings = findConditions(observation, this.past, thresholds);
    const changes = this.tracker.observe(findings, observation.at);
    this.latest = observation;
    for (const listener of this.listeners) listener();
    await journal.record(changes);
  }

  /** Goes on with what is open in PostgreSQL: of the last run, and of monitors that are gone. */
  private async resume(): Promise<void> {
    if (performance.now() - this.resumedAtMs < RESUME_INTERVAL_MS) return;
    try {
      this.tracker.resume(await this.parts.journal.load());
      this.resumedAtMs = performance.now();
    } catch (error) {
      this.logger.debug(`What was open is not known yet: ${describeError(error).message}`);
    }
  }

  private sendCanaries({ atMs, queues }: Observation): void {
    const { rounds, thresholds, intervalMs } = this.parts;
    // Half an interval of looks early rather than late.
    if (atMs - this.roundAtMs < thresholds.canaryIntervalMs - intervalMs / 2 || !queues) return;
    this.roundAtMs = atMs;
    rounds.send(
      queues
        .filter(({ canary }) => canary !== undefined)
        .map(({ name, consumers, told }) => ({
          name,
          consumers,
          consumerTags: told?.consumerTags,
        })),
    );
  }

  private async assess(observation: Observation): Promise<KnownInstance[] | undefined> {
    this.sightedSinceMs = this.isSighted(observation)
      ? (this.sightedSinceMs ?? observation.atMs)
      : undefined;
    try {
      return await this.parts.assessor.assess(observation, this.sightedSinceMs);
    } catch (error) {
      this.logger.debug(`Instances are not judged: ${describeError(error).message}`);
      return undefined;
    }
  }

  /** Whether heartbeats can come in, and be kept. */
  private isSighted(observation: Observation): boolean {
    const { consumers } = this.parts.messaging.snapshot();
    const heartbeats = consumers.find(({ queue }) => queue === HEARTBEATS_QUEUE);
    const canCome = heartbeats?.state === 'consuming' && !isBlocked(observation);
    return canCome && observation.instances !== undefined;
  }
}

/** Whether nobody can publish: neither beat nor answer a canary. */
function isBlocked({ alarms = [] }: Observation): boolean {
  return alarms.length > 0;
}
