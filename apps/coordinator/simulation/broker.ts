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
  MessageTooLargeError,
  PublishRejectedError,
  PublishUnknownError,
  Publisher,
  type PublishItem,
  type PublishOutcome,
} from '@askflash/messaging';
import type { Choices } from './choices';
import type { Operations, Process } from './operations';
import { Queue } from './queue';

/** How often a message of a batch meets another fate than the rest: once in so many times. */
const FATE_RARITY = 30;

/** What an agent reports, on its way to a coordinator. */
export type Report =
  | { readonly contract: typeof STAGE_COMPLETED; readonly payload: StageCompleted }
  | { readonly contract: typeof STAGE_FAILED; readonly payload: StageFailed };

/** RabbitMQ: what lies in its queues. */
export class Broker {
  /** Requests of stages, for agents. */
  readonly requests = new Queue<StageRequested>();
  readonly reports = new Queue<Report>();
  readonly responses: TaskFinished[] = [];
  /** Every request that ever reached a queue, by its key. */
  readonly requested = new Map<string, StageRequested>();
  /** What it can never take: requests by their key, final responses by their task. */
  readonly tooLarge = new Set<string>();
  /** Reports that were done with. */
  readonly acknowledged: Report['payload'][] = [];

  /** Messages of what was not committed when they were sent, in words. */
  readonly premature: string[] = [];

  /** @param isCommitted whether a message tells what is committed */
  constructor(private readonly isCommitted: (message: StageRequested | TaskFinished) => boolean) {}

  take(message: StageRequested | TaskFinished): void {
    const isTrue = this.isCommitted(message);
    if ('status' in message) {
      if (!isTrue) this.premature.push('a final response');
      this.responses.push(message);
    } else {
      if (!isTrue) this.premature.push(`a request of ${message.stage}`);
      this.requests.put(message);
      this.requested.set(requestKey(message), message);
    }
  }
}

/** Names an attempt of a stage. */
export function requestKey(of: {
  readonly taskId: string;
  readonly stage: string | null;
  readonly attempt: number | null;
}): string {
  return `${of.taskId}/${of.stage}/${of.attempt}`;
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
    const { broker, choices } = this;
    const message = readItem(item);
    const key = 'status' in message ? message.taskId : requestKey(message);
    const isFine = !choices.happens(FATE_RARITY);
    if (!isFine && choices.happens(5)) broker.tooLarge.add(key);
    if (broker.tooLarge.has(key)) {
      return { confirmed: false, error: new MessageTooLargeError('1 MiB and a byte') };
    }
    if (isFine) {
      broker.take(message);
      return { confirmed: true };
    }
    if (choices.happens(2)) return { confirmed: false, error: new PublishRejectedError(PLACE) };
    if (choices.happens(2)) broker.take(message);
    return { confirmed: false, error: unknown() };
  }
}

function readItem({ contract, payload }: PublishItem): StageRequested | TaskFinished {
  return contract.type === STAGE_REQUESTED.type
    ? STAGE_REQUESTED.schema.parse(payload)
    : TASK_FINISHED.schema.parse(payload);
}

function unknown(): PublishUnknownError {
  return new PublishUnknownError('no confirm came', PLACE);
}

const PLACE = { exchange: '', routingKey: '', messageId: '' };
