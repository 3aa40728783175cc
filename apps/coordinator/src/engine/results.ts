import { crashPoint, crashPointAfterFlush } from '@askflash/config';
import { STAGE_COMPLETED, STAGE_FAILED } from '@askflash/contracts';
import {
  RESULTS_QUEUE,
  acknowledge,
  deadLetter,
  type Consumer,
  type Consumers,
  type Decision,
} from '@askflash/messaging';
import { TaskNotFoundError } from '../tasks/errors';
import type { Engine } from './engine';
import type { EngineEvent } from './engine-event';

/**
 * Feeds agents' results to the engine. A result is acknowledged once it is committed and what it
 * led to is sent; one of a task that does not exist is dead-lettered with that reason.
 */
export function consumeResults(
  consumers: Pick<Consumers, 'consume'>,
  engine: Pick<Engine, 'apply'>,
  prefetch: number,
): Promise<Consumer> {
  return consumers.consume({
    queue: RESULTS_QUEUE,
    prefetch,
    contracts: [STAGE_COMPLETED, STAGE_FAILED],
    handle: (message) =>
      message.type === 'stage.completed.v1'
        ? settle(engine, {
            type: 'stage.completed',
            taskId: message.payload.taskId,
            report: message.payload,
            traceparent: message.traceparent,
          })
        : settle(engine, {
            type: 'stage.failed',
            taskId: message.payload.taskId,
            report: message.payload,
            traceparent: message.traceparent,
          }),
  });
}

async function settle(engine: Pick<Engine, 'apply'>, event: EngineEvent): Promise<Decision> {
  try {
    await engine.apply(event);
    crashPoint('coordinator.before-ack');
    crashPointAfterFlush('coordinator.after-ack');
    return acknowledge();
  } catch (error) {
    if (error instanceof TaskNotFoundError) return deadLetter(`${error.code}: ${error.message}`);
    throw error;
  }
}
