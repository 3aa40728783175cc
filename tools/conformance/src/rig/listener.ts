import type { AgentHeartbeat } from '@askflash/contracts';
import { DEAD_LETTER_PREFIX, EVENTS_EXCHANGE, PROBE_ANSWER_PREFIX } from '@askflash/messaging';
import type { ChannelModel } from 'amqplib';
import { readEvent, type StageReport } from './event';

/** What goes through `mcp.events` to a queue of its own, and is no report. */
const NO_REPORTS = [PROBE_ANSWER_PREFIX, DEAD_LETTER_PREFIX, 'stage.returned.'];

/** Hears whatever is published to `mcp.events`, on a queue that goes away with the connection. */
export class Listener {
  readonly heartbeats: {
    readonly payload: AgentHeartbeat;
    readonly problems: readonly string[];
  }[] = [];
  private readonly reports: StageReport[] = [];

  static async open(broker: ChannelModel): Promise<Listener> {
    const listener = new Listener();
    const channel = await broker.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
    await channel.bindQueue(queue, EVENTS_EXCHANGE, '#');
    await channel.consume(
      queue,
      (message) => {
        if (!message || isNoReport(message.fields.routingKey)) return;
        const event = readEvent(message);
        if (event.kind === 'heartbeat') listener.heartbeats.push(event);
        else listener.reports.push(event);
      },
      { noAck: true },
    );
    return listener;
  }

  /** What has been said about a task so far. */
  reportsOf(taskId: string): StageReport[] {
    return this.reports.filter(({ payload }) => payload.taskId === taskId);
  }

  /** What was said about no task that can be read; told once, so that one scenario has it for all. */
  takeStray(): StageReport | undefined {
    const index = this.reports.findIndex(({ payload }) => payload.taskId === '');
    return index < 0 ? undefined : this.reports.splice(index, 1)[0];
  }
}

function isNoReport(routingKey: string): boolean {
  return NO_REPORTS.some((prefix) => routingKey.startsWith(prefix));
}
