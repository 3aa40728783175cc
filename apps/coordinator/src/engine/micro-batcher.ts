import { ROOT_CONTEXT, context } from '@opentelemetry/api';

/** What a processed item came to; a value that is a promise is waited for after the batch. */
export type Settled<Result> = PromiseSettledResult<Result | PromiseLike<Result>>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | PromiseLike<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers items into batches by itself: while a batch is being processed, the next one grows. So an
 * idle system answers at once, and a busy one amortises each transaction over many items. What an
 * item still waits for after its batch (a confirm) does not hold up the next batch.
 *
 * ```
 * idle ──add──► processing ──more waiting──► processing
 *   ▲               │
 *   └──none waiting─┘
 * ```
 */
export class MicroBatcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running: Promise<void> | undefined;

  /**
   * @param process settles every item of a batch, in its order; a rejection fails the whole batch
   * @param maxCount the most items a batch takes
   */
  constructor(
    private readonly process: (items: readonly Item[]) => Promise<readonly Settled<Result>[]>,
    private readonly maxCount: number,
  ) {}

  /** How many items wait for a batch. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Resolves or rejects as the item's batch settles it. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // Batches are of no single item: none runs inside the trace of the one that began it.
      this.running ??= context.with(ROOT_CONTEXT, () => this.run());
    });
  }

  /** Resolves once nothing waits or runs. */
  async drained(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Lets the items of the same turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      await this.runBatch(this.waiting.splice(0, this.maxCount));
    }
    this.running = undefined;
  }

  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const settled = await this.process(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = settled[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else
          reject(outcome?.reason ?? new Error('The batch settled fewer items than it was given'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
