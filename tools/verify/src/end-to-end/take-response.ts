import { TASK_FINISHED, taskFinished, type TaskFinished } from '@askflash/contracts';
import { RESPONSES_QUEUE, type Publisher } from '@askflash/messaging';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { ResponseLostError } from '../errors';
import { until } from '../until';

const ARRIVAL_TIMEOUT_MS = 10_000;

/**
 * Publishes a final response and takes it off `mcp.responses` again. Other people's responses are
 * looked at only: they go back to the queue as the channel is closed.
 *
 * @throws {ResponseLostError} where it does not come in time
 */
export async function publishAndTakeResponse(
  response: TaskFinished,
  { publisher, broker }: { readonly publisher: Publisher; readonly broker: ChannelModel },
): Promise<void> {
  const channel = await broker.createChannel();
  channel.on('error', () => undefined);
  let isTaken = false;
  const look = (message: ConsumeMessage | null) => {
    if (!message || !isResponseOf(response.taskId, message)) return;
    channel.ack(message);
    isTaken = true;
  };
  try {
    await publisher.publish(TASK_FINISHED, response);
    await channel.consume(RESPONSES_QUEUE, look);
    if (!(await until(() => isTaken, ARRIVAL_TIMEOUT_MS)))
      throw new ResponseLostError(response.taskId);
  } finally {
    await channel.close().catch(() => undefined);
  }
}

function isResponseOf(taskId: string, { content }: ConsumeMessage): boolean {
  try {
    return taskFinished.safeParse(JSON.parse(content.toString('utf8'))).data?.taskId === taskId;
  } catch {
    return false;
  }
}
