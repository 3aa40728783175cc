import { crashPoint, crashPointAfterFlush } from '@askflash/config';
import {
  CONTRACTS,
  ContractViolationError,
  STAGE_REQUESTED,
  type BackboneError,
  type Failure,
  type StageRequested,
} from '@askflash/contracts';
import {
  MessageTooLargeError,
  PublishInvalidError,
  PublishRejectedError,
  type PublishItem,
  type Publisher,
} from '@askflash/messaging';
import { Logger } from '@nestjs/common';
import { postponeMessages, selectUnsentMessages } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import type { OutboxMessage } from './advance';

const contracts = new Map(CONTRACTS.map((contract) => [contract.type, contract]));

/** Before a message that was sent again is looked at once more; doubles with each attempt. */
const RESEND_BASE_MS = 10_000;

/** A message that can never be sent. */
export interface UnsendableMessage {
  readonly id: string;
  /** The request of a stage that it is; undefined where it is something else. */
  readonly request: StageRequested | undefined;
  readonly error: Failure;
}

interface Unsent {
  readonly id: string;
  readonly item: PublishItem;
  readonly traceparent: string | null;
}

/**
 * Sends what transitions have written to `task_outbox`, at least once each:
 *
 * ```
 * written ──send──► confirmed ──settle, next transaction──► deleted
 *    ▲                 │ crash: sent again, and told as a duplicate by its id and attempt
 *    ├──not confirmed, or crashed: the poller takes it after a grace period
 *    └──can never be sent──► unsendable: its stage fails ──► deleted
 * ```
 */
export class Outbox {
  private readonly logger = new Logger(Outbox.name);
  private settled: string[] = [];
  private unsendable: UnsendableMessage[] = [];
  private rejectedAt = -Infinity;

  constructor(private readonly publisher: Pick<Publisher, 'publishAll'>) {}

  /** How long ago, in milliseconds, a queue last refused a message; infinite where none did. */
  get sinceRejectedMs(): number {
    return performance.now() - this.rejectedAt;
  }

  /**
   * Sends messages whose rows are committed, and gives the ids of those confirmed. Never rejects:
   * what is not confirmed stays a row.
   */
  send(messages: readonly OutboxMessage[]): Promise<string[]> {
    return this.publish(
      messages.map(({ contract, payload, ...rest }) => ({ ...rest, item: { contract, payload } })),
    );
  }

  /**
   * Sends again what is overdue, `limit` messages at most; gives the tasks they are of, and the ids
   * of those confirmed.
   */
  async sendOverdue(
    dataSource: DataSource,
    limit: number,
  ): Promise<{ readonly taskIds: readonly string[]; readonly sent: readonly string[] }> {
    const overdue = await dataSource.transaction(async (manager) => {
      const messages = await selectUnsentMessages(manager, { limit });
      for (const [attempts, ids] of groupByAttempts(messages)) {
        await postponeMessages(manager, ids, RESEND_BASE_MS * 2 ** Math.min(attempts, 5));
      }
      return messages;
    });
    if (overdue.length > 0) {
      crashPoint('coordinator.after-lease');
      this.logger.warn(`Sending ${overdue.length} overdue messages again`);
    }
    const sent = await this.publish(
      overdue.flatMap(({ id, type, payload, traceparent }) => {
        const contract = contracts.get(type);
        return contract ? [{ id, traceparent, item: { contract, payload } }] : [];
      }),
    );
    return { taskIds: overdue.map(({ taskId }) => taskId), sent };
  }

  /**
   * Has the rows of messages deleted: those that are confirmed, those that are not to be sent any
   * more, and those whose deletion was rolled back.
   */
  settle(ids: readonly string[]): void {
    this.settled.push(...ids);
  }

  /** Ids settled since the last call: the caller deletes their rows, or settles them again. */
  takeSettled(): readonly string[] {
    const ids = this.settled;
    this.settled = [];
    return ids;
  }

  /** Messages that no broker will ever take, since the last call; settle them once that is dealt with. */
  takeUnsendable(): readonly UnsendableMessage[] {
    const messages = this.unsendable;
    this.unsendable = [];
    return messages;
  }

  private async publish(messages: readonly Unsent[]): Promise<string[]> {
    if (messages.length === 0) return [];
    crashPoint('coordinator.before-publish');
    const confirms = this.publisher.publishAll(
      messages.map(({ id, item, traceparent }) => ({
        ...item,
        options: { messageId: id, ...(traceparent === null ? {} : { traceparent }) },
      })),
    );
    crashPointAfterFlush('coordinator.after-publish');
    const outcomes = await confirms;
    crashPoint('coordinator.after-confirm');
    return messages.flatMap((message, index) => {
      const { id } = message;
      const outcome = outcomes[index];
      if (outcome === undefined) return [];
      if (outcome.confirmed) return [id];
      if (outcome.error instanceof PublishRejectedError) this.rejectedAt = performance.now();
      if (isPermanent(outcome.error)) {
        this.unsendable.push(toUnsendable(message, outcome.error));
      }
      this.logger.warn(`Message ${id} stays unsent: ${outcome.error.message}`);
      return [];
    });
  }
}

/** Whether the same message would fail in the same way for ever. */
function isPermanent(error: BackboneError): boolean {
  return (
    error instanceof MessageTooLargeError ||
    error instanceof ContractViolationError ||
    error instanceof PublishInvalidError
  );
}

function toUnsendable(
  { id, item }: Pick<Unsent, 'id' | 'item'>,
  { code, message }: BackboneError,
): UnsendableMessage {
  const request = STAGE_REQUESTED.schema.safeParse(item.payload);
  return { id, request: request.data, error: { code, message } };
}

function groupByAttempts(
  messages: readonly { readonly id: string; readonly attempts: number }[],
): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const { id, attempts } of messages) {
    groups.set(attempts, [...(groups.get(attempts) ?? []), id]);
  }
  return groups;
}
