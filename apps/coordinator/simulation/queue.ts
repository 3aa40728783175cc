import type { Process } from './operations';

/** How often a message may come back to its queue; when it does once more it is dead-lettered. */
const RETURN_LIMIT = 3;

/** A message that lies in a queue, or has been handed out and is not settled. */
export interface Entry<Message> {
  readonly message: Message;
  readonly returnCount: number;
  /** Who has it; undefined while it lies there. */
  readonly holder: Process | undefined;
}

/** A message in the hands of one who took it. Once it was taken away it settles nothing any more. */
export interface Delivery {
  acknowledge(): void;
  giveBack(): void;
  deadLetter(reason: string): void;
}

/** A message nobody could handle, and why. */
export interface DeadLetter<Message> {
  readonly message: Message;
  readonly reason: string;
}

/**
 * A queue that delivers at least once, in any order:
 *
 * ```
 * lying ──deliver──► held ──acknowledge──► gone
 *   ▲                 ├──deadLetter──────────────────────► dead
 *   └──limit not met──┴──giveBack, or its holder is gone──► dead, past the limit
 * ```
 */
export class Queue<Message> {
  private entries: Entry<Message>[] = [];
  private dead: DeadLetter<Message>[] = [];

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** What lies there, to be delivered. */
  get lying(): readonly Entry<Message>[] {
    return this.entries.filter(({ holder }) => holder === undefined);
  }

  get deadLetters(): readonly DeadLetter<Message>[] {
    return this.dead;
  }

  put(message: Message): void {
    this.entries.push({ message, returnCount: 0, holder: undefined });
  }

  deliver(entry: Entry<Message>, holder: Process): Delivery {
    const held = { ...entry, holder };
    this.replace(entry, held);
    return {
      acknowledge: () => this.replace(held),
      giveBack: () => this.giveBack(held),
      deadLetter: (reason) => this.bury(held, reason),
    };
  }

  /** The broker notices that a consumer is gone. */
  forget(process: Process): void {
    for (const entry of this.entries) if (entry.holder === process) this.giveBack(entry);
  }

  /** An operator has what is dead delivered once more. */
  redrive(): void {
    const letters = this.dead;
    this.dead = [];
    for (const { message } of letters) this.put(message);
  }

  private giveBack(held: Entry<Message>): void {
    const returnCount = held.returnCount + 1;
    if (returnCount > RETURN_LIMIT) this.bury(held, 'delivery_limit');
    else this.replace(held, { ...held, returnCount, holder: undefined });
  }

  private bury(held: Entry<Message>, reason: string): void {
    if (this.replace(held)) this.dead.push({ message: held.message, reason });
  }

  /** Whether it was still there. */
  private replace(entry: Entry<Message>, ...by: Entry<Message>[]): boolean {
    const isThere = this.entries.includes(entry);
    if (isThere) this.entries = this.entries.flatMap((one) => (one === entry ? by : [one]));
    return isThere;
  }
}
