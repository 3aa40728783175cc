import { TASK_FINISHED, taskFinished, type TaskFinished } from '@askflash/contracts';
import { RESPONSES_QUEUE, type Publisher } from '@askflash/messaging';
import { until } from '@askflash/scenario-kit';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { ResponseLostError } from '../errors';

const ARRIVAL_TIMEOUT_MS = 10_000;
const FIRST_WINDOW_MS = 250;

/**
 * Publishes a final response and takes it off `mcp.responses` again. Other people's responses are
 * looked at only: they go back to the queue as the channel is closed.
 *
 * It looks for a while, closes, and looks again for longer: two who look at the same time may be
 * handed each other's response, and would otherwise wait for it for ever.
 *
 * @throws {ResponseLostError} where it does not come in time
 */
export async function publishAndTakeResponse(
  response: TaskFinished,
  { publisher, broker }: { readonly publisher: Publisher; readonly broker: ChannelModel },
): Promise<void> {
  await publisher.publish(TASK_FINISHED, response);
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  for (let windowMs = FIRST_WINDOW_MS; performance.now() < deadline; windowMs *= 2) {
    const jitter = 0.5 + Math.random();
    if (await takeResponse(broker, response.taskId, windowMs * jitter)) return;
  }
  throw new ResponseLostError(response.taskId);
}

/** Whether the response was there, or came, in the time given. */
async function takeResponse(
  broker: ChannelModel,
  taskId: string,
  windowMs: number,
): Promise<boolean> {
  const channel = await broker.createChannel();
  channel.on('error', () => undefined);
  let isTaken = false;
  const look = (message: ConsumeMessage | null) => {
    if (!message || !isResponseOf(taskId, message)) return;
    channel.ack(message);
    isTaken = true;
  };
  try {
    await channel.consume(RESPONSES_QUEUE, look);
    return await until(() => isTaken, windowMs);
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
