import { SimulatedCoordinator, type Servers } from './coordinator';

const COORDINATOR_COUNT = 2;

/**
 * The coordinators that run side by side, and those that are on their way out:
 *
 * ```
 * running ──stop──► stopping ──all is put down──► gone
 *   │ ▲  └──crash──────┴──crash──► gone
 *   ▼ │
 *  frozen: the broker hands what it held to others
 * ```
 */
export class Coordinators {
  private readonly running: SimulatedCoordinator[];
  private readonly stopping = new Set<SimulatedCoordinator>();

  constructor(private readonly servers: Servers) {
    this.running = Array.from(
      { length: COORDINATOR_COUNT },
      () => new SimulatedCoordinator(servers),
    );
  }

  /** Those that take reports and requests. */
  get open(): readonly SimulatedCoordinator[] {
    return this.running.filter(({ isOpen }) => isOpen);
  }

  get frozen(): readonly SimulatedCoordinator[] {
    return [...this.running, ...this.stopping].filter(({ frozen }) => frozen);
  }

  /** What can happen to each. */
  disasters(): (() => void)[] {
    const { running } = this;
    return [
      ...running.map((one, index) => () => {
        this.replace(index);
        this.end(one);
      }),
      ...running.map((one) => () => this.freeze(one)),
      ...running.map((one, index) => () => {
        this.replace(index);
        this.stop(one);
      }),
      ...[...this.stopping].map((one) => () => this.end(one)),
    ];
  }

  private freeze(one: SimulatedCoordinator): void {
    one.frozen = true;
    this.servers.broker.reports.forget(one);
  }

  private stop(one: SimulatedCoordinator): void {
    this.stopping.add(one);
    void one.stop().then(() => {
      if (!one.crashed) this.end(one);
    });
  }

  /** Its servers notice that it is gone; what it had not settled is delivered again. */
  private end(one: SimulatedCoordinator): void {
    const { operations, database, broker } = this.servers;
    this.stopping.delete(one);
    operations.crash(one);
    one.frozen = false;
    database.forget(one);
    broker.reports.forget(one);
  }

  private replace(index: number): void {
    this.running[index] = new SimulatedCoordinator(this.servers);
  }
}
