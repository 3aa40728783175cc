import type { RedisTasks } from '@askflash/redis-tasks';
import { TaskNotFoundError } from '../tasks/errors';
import type { BrokerObserver } from './broker-observer';
import type { Explanation } from './dto';
import { explain } from './explain';
import { settleWithin } from './settle-within';
import { requestedQueues, type StoredFactsReader } from './stored-facts-reader';

/** How long Redis may take to tell what agents said; without it the answer is poorer, not wrong. */
const PROGRESS_TIMEOUT_MS = 500;

/** What the service works with. */
export interface WhyServiceParts {
  readonly stored: StoredFactsReader;
  readonly broker: BrokerObserver;
  readonly redisTasks: Pick<RedisTasks, 'latestProgress'>;
  /** As `Facts` has it. */
  readonly confirmNotedMs: number;
}

/** Gathers what is known of a task and tells why it waits. */
export class WhyService {
  constructor(private readonly parts: WhyServiceParts) {}

  /**
   * Why the task waits. Of the servers only PostgreSQL has to answer: what the others do not tell is
   * left out, or told as a cause.
   *
   * @throws {TaskNotFoundError}
   */
  async explain(taskId: string): Promise<Explanation> {
    const { stored, broker, redisTasks, confirmNotedMs } = this.parts;
    const known = await stored.read(taskId);
    if (known === undefined) throw new TaskNotFoundError(taskId);
    const [live, said] = await Promise.all([
      broker.look(requestedQueues(known.task)),
      settleWithin(PROGRESS_TIMEOUT_MS, redisTasks.latestProgress(taskId)),
    ]);
    const progress = 'value' in said ? said.value : [];
    return explain({ ...known, broker: live, progress, confirmNotedMs });
  }
}
