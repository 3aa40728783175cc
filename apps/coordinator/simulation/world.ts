import { isTerminal } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import { MISTAKEN_AGENT, workOff } from './agents';
import { Broker, type Report } from './broker';
import { Cache } from './cache';
import { Choices } from './choices';
import { Client, type Errand } from './clients';
import { isAwaited, isCommitted } from './committed';
import { Coordinators } from './coordinators';
import type { Servers } from './coordinator';
import { Database } from './database';
import { Operations, letRun } from './operations';
import type { Entry } from './queue';
import { TEMPLATES, storeTemplates } from './templates';

/** How often a disaster comes before a step: once in so many times. */
const DISASTER_RARITY = 40;
/** Far more steps than any run needs. */
const MAX_STEP_COUNT = 4_000;
/** What a poller may need to find what nobody else would, in looks of a second each. */
const REST_LOOK_COUNT = 8;
/** The same where only a sweep finds it, which comes every minute. */
const SWEPT_LOOK_COUNT = 70;

/** A run: what is asked for, and every decision on its way. */
export interface Run {
  readonly errands: readonly Errand[];
  /** A template of this run's own, beside those that all have. */
  readonly template?: TaskTemplate;
  readonly choices: readonly number[];
}

/**
 * Coordinators, their servers, agents and clients in one thread, where nothing happens but what is
 * decided: which of all that could happen next does, what is lost, who crashes.
 *
 * ```
 * chaos ──no decisions left──► healing ──all is done──► rest
 * ```
 */
export class World {
  readonly servers: Servers;
  readonly clients: readonly Client[];
  readonly templates: readonly TaskTemplate[];
  /** Reports that were acknowledged while their task still waited for them, in words. */
  readonly unheeded: string[] = [];
  private readonly coordinators: Coordinators;

  constructor({ errands, template, choices: numbers }: Run) {
    const choices = new Choices(numbers);
    const operations = new Operations(choices);
    const database = new Database(operations);
    const broker = new Broker((message) => isCommitted(database.tables, message));
    this.servers = { choices, operations, database, broker, cache: new Cache() };
    this.templates = template ? [...TEMPLATES, template] : TEMPLATES;
    storeTemplates(database.tables, this.templates);
    this.coordinators = new Coordinators(this.servers);
    this.clients = errands.map(
      (errand, index) => new Client(errand, `key-${index}`, database.tables),
    );
  }

  /** Lets it all happen, until nothing is left to be done; false where that never comes. */
  async run(): Promise<boolean> {
    for (let step = 0; step < MAX_STEP_COUNT; step += 1) {
      await letRun();
      if (this.servers.choices.exhausted && this.isDone()) return this.rest();
      if (this.servers.choices.happens(DISASTER_RARITY)) this.strike();
      const ways = [...this.ways(), () => jest.advanceTimersToNextTimer()];
      ways[this.servers.choices.pick(ways.length)]?.();
    }
    return false;
  }

  /** Gives the pollers time for what is behind and no message tells of. */
  private async rest(): Promise<boolean> {
    const { cache } = this.servers;
    for (let look = 0; look < (cache.wasSetBack ? SWEPT_LOOK_COUNT : REST_LOOK_COUNT); look += 1) {
      jest.advanceTimersByTime(1_000);
      for (let ways; await letRun(), (ways = this.ways()).length > 0;) ways[0]?.();
    }
    return this.isDone();
  }

  /** All that could happen now, but that time goes by. */
  private ways(): (() => void)[] {
    const { operations, broker, choices } = this.servers;
    const { open, frozen } = this.coordinators;
    return [
      ...operations.next,
      ...(open.length > 0 ? broker.reports.lying : []).map((entry) => () => this.deliver(entry)),
      ...broker.requests.lying.map((entry) => () => workOff(broker, entry, choices)),
      ...this.clients.flatMap((client) =>
        open.length > 0 && client.isWaiting ? [() => client.act(open, choices)] : [],
      ),
      ...frozen.map((coordinator) => () => (coordinator.frozen = false)),
    ];
  }

  private isDone(): boolean {
    const { database, broker } = this.servers;
    return (
      this.ways().length === 0 &&
      broker.reports.isEmpty &&
      this.clients.every(({ isDone }) => isDone) &&
      database.tables.outbox.size === 0 &&
      [...database.tables.tasks.values()].every(({ status }) => isTerminal(status))
    );
  }

  private deliver(entry: Entry<Report>): void {
    const { choices, broker } = this.servers;
    const { open } = this.coordinators;
    const coordinator = open[choices.pick(open.length)];
    if (!coordinator) return;
    const delivery = broker.reports.deliver(entry, coordinator);
    coordinator.consumers.deliver(entry.message).then(
      (decision) => {
        if (coordinator.crashed) return;
        if (decision.kind === 'acknowledge') this.noteAcknowledged(entry.message);
        // Now and then what it says is lost, and the message is delivered again.
        if (decision.kind === 'retry-later' || choices.happens(20)) delivery.giveBack();
        else if (decision.kind === 'acknowledge') delivery.acknowledge();
        else delivery.deadLetter(decision.reason);
      },
      () => delivery.giveBack(),
    );
  }

  private noteAcknowledged({ payload }: Report): void {
    const { database, broker } = this.servers;
    broker.acknowledged.push(payload);
    if (payload.agent !== MISTAKEN_AGENT && isAwaited(database.tables, payload)) {
      this.unheeded.push(`attempt ${payload.attempt} of ${payload.stage}`);
    }
  }

  private strike(): void {
    const { choices, cache, broker } = this.servers;
    const disasters = [
      () => cache.views.clear(),
      () => cache.save(),
      () => cache.crash(),
      ...this.coordinators.disasters(),
      () => broker.reports.redrive(),
      () => broker.requests.redrive(),
    ];
    disasters[choices.pick(disasters.length)]?.();
  }
}
