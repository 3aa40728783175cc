import {
  STAGE_COMPLETED,
  STAGE_FAILED,
  STAGE_REQUESTED,
  TASK_FINISHED,
  type Contract,
  type StageCompleted,
  type StageFailed,
  type StageRequested,
  type TaskFinished,
} from '@askflash/contracts';
import {
  PublishRejectedError,
  PublishUnknownError,
  Publisher,
  type PublishItem,
  type PublishOutcome,
} from '@askflash/messaging';
import type { Choices } from './choices';
import type { Operations, Process } from './operations';

/** How often a message of a batch meets another fate than the rest: once in so many times. */
const FATE_RARITY = 30;

/** What an agent reports, on its way to a coordinator. */
export type Report =
  | { readonly contract: typeof STAGE_COMPLETED; readonly payload: StageCompleted }
  | { readonly contract: typeof STAGE_FAILED; readonly payload: StageFailed };

/** RabbitMQ: what lies in its queues. */
export class Broker {
  /** Requests of stages, for agents. */
  readonly requests: StageRequested[] = [];
  readonly reports: Report[] = [];
  readonly responses: TaskFinished[] = [];
  /** Every request that ever reached a queue, as `task/stage/attempt`. */
  readonly requested = new Set<string>();

  take({ contract, payload }: PublishItem): void {
    if (contract.type === STAGE_REQUESTED.type) {
      const request = STAGE_REQUESTED.schema.parse(payload);
      this.requests.push(request);
      this.requested.add(`${request.taskId}/${request.stage}/${request.attempt}`);
    } else {
      this.responses.push(TASK_FINISHED.schema.parse(payload));
    }
  }
}

/** Publishes for one process: everything is confirmed, refused, or remains unknown. */
export class SimulatedPublisher extends Publisher {
  readonly connected = true;
  readonly blocked = false;
  readonly outstanding = 0;

  constructor(
    private readonly process: Process,
    private readonly broker: Broker,
    private readonly operations: Operations,
    private readonly choices: Choices,
  ) {
    super();
  }

  async publish<C extends Contract>(
    contract: C,
    payload: PublishItem<C>['payload'],
  ): Promise<void> {
    const [outcome] = await this.publishAll([{ contract, payload }]);
    if (outcome?.confirmed === false) throw outcome.error;
  }

  async publishAll(items: readonly PublishItem[]): Promise<PublishOutcome[]> {
    const { process, operations } = this;
    const effect = () => items.map((item) => this.send(item));
    try {
      return await operations.ask({ process, effect, lost: () => new Error('No answer') });
    } catch {
      return items.map(() => ({ confirmed: false, error: unknown() }));
    }
  }

  private send(item: PublishItem): PublishOutcome {
    if (!this.choices.happens(FATE_RARITY)) {
      this.broker.take(item);
      return { confirmed: true };
    }
    if (this.choices.happens(2))
      return { confirmed: false, error: new PublishRejectedError(PLACE) };
    if (this.choices.happens(2)) this.broker.take(item);
    return { confirmed: false, error: unknown() };
  }
}

function unknown(): PublishUnknownError {
  return new PublishUnknownError('no confirm came', PLACE);
}

const PLACE = { exchange: '', routingKey: '', messageId: '' };
