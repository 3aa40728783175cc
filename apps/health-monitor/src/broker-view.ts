import { AGENTS } from '@askflash/contracts';
import {
  HEARTBEATS_QUEUE,
  RESULTS_QUEUE,
  TOPOLOGY,
  assertTopologyCurrent,
  type LiveConsumer,
  type LiveQueue,
  type RabbitmqManagement,
} from '@askflash/messaging';

const OWN_QUEUES = new Set(TOPOLOGY.queues.map(({ name }) => name));

/** Queues whose messages somebody has to work off. */
export const WORK_QUEUES: readonly string[] = [
  ...AGENTS.map(({ queue }) => queue),
  RESULTS_QUEUE,
  HEARTBEATS_QUEUE,
];

/** What the broker's management API says of the stack's virtual host. */
export class BrokerView {
  constructor(
    private readonly management: RabbitmqManagement,
    private readonly vhost: string,
  ) {}

  /**
   * @throws {TopologyDriftedError}
   * @throws {ManagementUnavailableError}
   */
  assertTopologyCurrent(): Promise<void> {
    return assertTopologyCurrent(this.management, this.vhost);
  }

  /**
   * The backbone's queues; depth and consumers are up to some seconds old.
   *
   * @throws {ManagementUnavailableError}
   */
  async queues(): Promise<LiveQueue[]> {
    const queues = await this.management.queues(this.vhost);
    return queues.filter(({ name }) => OWN_QUEUES.has(name));
  }

  /**
   * Who consumes them; up to some seconds old.
   *
   * @throws {ManagementUnavailableError}
   */
  consumers(): Promise<LiveConsumer[]> {
    return this.management.consumers(this.vhost);
  }

  /**
   * Why the broker takes no messages, by node; empty where it does.
   *
   * @throws {ManagementUnavailableError}
   */
  async alarms(): Promise<string[]> {
    const nodes = await this.management.nodes();
    return nodes.flatMap(({ name, mem_alarm, disk_free_alarm }) => [
      ...(mem_alarm ? [`${name} is short of memory`] : []),
      ...(disk_free_alarm ? [`${name} is short of disk`] : []),
    ]);
  }

  /** Queues whose messages somebody has to work off, and nobody does. */
  async workQueuesWithoutConsumer(): Promise<string[]> {
    const consumed = (await this.queues()).filter(({ consumers }) => consumers > 0);
    return WORK_QUEUES.filter((queue) => !consumed.some(({ name }) => name === queue));
  }
}
