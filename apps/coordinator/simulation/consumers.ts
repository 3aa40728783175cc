import type { Contract } from '@askflash/contracts';
import { Consumers, type ConsumeOptions, type Consumer, type Decision } from '@askflash/messaging';
import type { Report } from './broker';

/** Hands reports to one process, as the test decides. */
export class SimulatedConsumers extends Consumers {
  readonly all: Consumer[] = [];
  private handle: ConsumeOptions['handle'] | undefined;

  consume<C extends Contract>(options: ConsumeOptions<C>): Promise<Consumer>;
  async consume(options: ConsumeOptions): Promise<Consumer> {
    this.handle = options.handle.bind(options);
    return {
      queue: options.queue,
      state: 'consuming',
      inFlight: 0,
      pause: nothing,
      resume: nothing,
      stop: nothing,
    };
  }

  /** What the process decides about a report; never, where it crashes. */
  async deliver({ contract: { type }, payload }: Report): Promise<Decision> {
    if (!this.handle) throw new Error('Nothing is consumed');
    return this.handle({
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
  }
}

async function nothing(): Promise<void> {
  // Neither paused nor stopped: a simulated process only ever crashes.
}
