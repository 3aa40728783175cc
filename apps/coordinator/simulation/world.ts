import { isTerminal } from '@askflash/contracts';
import { workOff } from './agents';
import { Broker, type Report } from './broker';
import { Cache } from './cache';
import { Choices } from './choices';
import { Client, type Errand } from './clients';
import { SimulatedCoordinator, type Servers } from './coordinator';
import { Database } from './database';
import { Operations, letRun } from './operations';
import { storeTemplates } from './templates';

const COORDINATOR_COUNT = 2;
/** How often a disaster comes before a step: once in so many times. */
const DISASTER_RARITY = 40;
/** Far more steps than any run needs. */
const MAX_STEP_COUNT = 4_000;
/** What a poller may need to find what nobody else would, in looks of a second each. */
const REST_LOOK_COUNT = 8;

/** A run: what is asked for, and every decision on its way. */
export interface Run {
  readonly errands: readonly Errand[];
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
  private readonly coordinators: SimulatedCoordinator[];
  /** Reports that a coordinator has and has not settled yet. */
  private readonly delivered = new Map<Report, SimulatedCoordinator>();

  constructor({ errands, choices: numbers }: Run) {
    const choices = new Choices(numbers);
    const operations = new Operations(choices);
    const database = new Database(operations);
    this.servers = { choices, operations, database, broker: new Broker(), cache: new Cache() };
    storeTemplates(database.tables);
    this.clients = errands.map((errand, index) => new Client(errand, `key-${index}`));
    this.coordinators = Array.from(
      { length: COORDINATOR_COUNT },
      () => new SimulatedCoordinator(this.servers),
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
    for (let look = 0; look < REST_LOOK_COUNT; look += 1) {
      jest.advanceTimersByTime(1_000);
      for (let ways; await letRun(), (ways = this.ways()).length > 0;) ways[0]?.();
    }
    return this.isDone();
  }

  /** All that could happen now, but that time goes by. */
  private ways(): (() => void)[] {
    const { operations, broker, choices } = this.servers;
    return [
      ...operations.next,
      ...broker.reports.flatMap((report) =>
        this.delivered.has(report) ? [] : [() => this.deliver(report)],
      ),
      ...broker.requests.map((request) => () => workOff(broker, request, choices)),
      ...this.clients.flatMap((client) =>
        client.isWaiting((id) => this.hasEnded(id))
          ? [() => client.act(this.coordinators, choices)]
          : [],
      ),
    ];
  }

  private isDone(): boolean {
    const { database, broker } = this.servers;
    return (
      this.ways().length === 0 &&
      broker.reports.length === 0 &&
      this.clients.every(({ isDone }) => isDone) &&
      database.tables.outbox.size === 0 &&
      [...database.tables.tasks.values()].every(({ status }) => isTerminal(status))
    );
  }

  private hasEnded(taskId: string): boolean {
    const task = this.servers.database.tables.tasks.get(taskId);
    return task !== undefined && isTerminal(task.status);
  }

  private deliver(report: Report): void {
    const { choices, broker } = this.servers;
    const coordinator = this.coordinators[choices.pick(this.coordinators.length)];
    if (!coordinator) return;
    this.delivered.set(report, coordinator);
    const settle = (isGone: boolean) => {
      if (coordinator.crashed) return;
      this.delivered.delete(report);
      if (isGone) broker.reports.splice(broker.reports.indexOf(report), 1);
    };
    coordinator.consumers.deliver(report).then(
      // Now and then the acknowledgement is lost, and it is delivered again.
      ({ kind }) => settle(kind !== 'retry-later' && !choices.happens(20)),
      () => settle(false),
    );
  }

  private strike(): void {
    const { choices, cache } = this.servers;
    const disasters = [
      () => cache.views.clear(),
      () => cache.save(),
      () => cache.crash(),
      ...this.coordinators.map((_one, index) => () => this.crash(index)),
    ];
    disasters[choices.pick(disasters.length)]?.();
  }

  /** Kills a coordinator and starts another; what it had not settled is delivered again. */
  private crash(index: number): void {
    const { operations, database } = this.servers;
    const victim = this.coordinators[index];
    if (!victim) return;
    operations.crash(victim);
    database.forget(victim);
    for (const [report, coordinator] of this.delivered) {
      if (coordinator === victim) this.delivered.delete(report);
    }
    this.coordinators[index] = new SimulatedCoordinator(this.servers);
  }
}
