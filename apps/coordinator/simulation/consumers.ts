import type { Contract } from '@askflash/contracts';
import { Consumers, type ConsumeOptions, type Consumer, type Decision } from '@askflash/messaging';
import { within } from '@askflash/service-kit';
import type { Report } from './broker';

/** Hands reports to one process, as the test decides. */
export class SimulatedConsumers extends Consumers {
  readonly all: Consumer[] = [];
  private handle: ConsumeOptions['handle'] | undefined;
  private readonly inFlight = new Set<Promise<unknown>>();

  /** Whether it takes messages. */
  get isConsuming(): boolean {
    return this.handle !== undefined;
  }

  consume<C extends Contract>(options: ConsumeOptions<C>): Promise<Consumer>;
  async consume(options: ConsumeOptions): Promise<Consumer> {
    this.handle = options.handle.bind(options);
    return {
      queue: options.queue,
      state: 'consuming',
      inFlight: 0,
      pause: nothing,
      resume: nothing,
      stop: (graceMs) => this.stop(graceMs),
    };
  }

  /** What the process decides about a report; never, where it crashes. */
  async deliver({ contract: { type }, payload }: Report): Promise<Decision> {
    if (!this.handle) throw new Error('Nothing is consumed');
    const handled = this.handle({
      type,
      payload,
      messageId: '',
      subject: payload.taskId,
      time: '',
      redelivered: false,
      deliveryCount: 0,
      headers: {},
      signal: new AbortController().signal,
    });
    this.inFlight.add(handled);
    return handled.finally(() => this.inFlight.delete(handled));
  }

  private async stop(graceMs: number): Promise<void> {
    this.handle = undefined;
    await within(graceMs, Promise.allSettled([...this.inFlight]), () => undefined);
  }
}

async function nothing(): Promise<void> {
  // Nobody pauses it.
}
