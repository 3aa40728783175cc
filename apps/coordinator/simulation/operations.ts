import { setImmediate as turn } from 'node:timers/promises';
import type { Choices } from './choices';

/** A process that can crash: then nothing it waits for ever comes, and nothing it asks for is done. */
export interface Process {
  crashed: boolean;
}

/** Something asked of a server. */
export interface Request<Result> {
  readonly process: Process;
  /** What the server does; it may refuse by throwing. */
  readonly effect: () => Result;
  /** Whether the server can do it yet; at once where nothing is said. */
  readonly isReady?: (() => boolean) | undefined;
  /** What the process is told where request or answer are lost; neither is where nothing is said. */
  readonly lost?: (() => Error) | undefined;
}

interface Pending {
  readonly process: Process;
  readonly isReady: () => boolean;
  /** Does it and answers, or loses the one or the other. */
  readonly carryOut: (way: Way) => void;
}

type Way = 'answered' | 'request lost' | 'answer lost' | 'unanswered';

/** How often an operation goes wrong: once in so many times. */
const LOSS_RARITY = 25;

/**
 * What processes wait for, until it is their turn:
 *
 * ```
 * asked ──carryOut──► done ──► answered | answer lost
 *   │└─────────────► request lost
 *   └──process crashes──► done or not, and nobody hears of it
 * ```
 */
export class Operations {
  private readonly pending: Pending[] = [];

  constructor(private readonly choices: Choices) {}

  /** Asks something of a server; settles once its turn has come. */
  ask<Result>({ process, effect, isReady, lost }: Request<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (process.crashed) return;
      const answer = () => {
        try {
          resolve(effect());
        } catch (error) {
          reject(error);
        }
      };
      const carryOut = (way: Way) => {
        if (way === 'unanswered') return void attempt(effect);
        if (way === 'answered' || lost === undefined) return answer();
        if (way === 'answer lost') attempt(effect);
        reject(lost());
      };
      this.pending.push({ process, isReady: isReady ?? always, carryOut });
    });
  }

  /** One way on for each that can be carried out now, in the order they were asked. */
  get next(): (() => void)[] {
    return this.pending.filter(({ isReady }) => isReady()).map((each) => () => this.run(each));
  }

  /** Ends a process: what it has asked for is still done, or never. */
  crash(process: Process): void {
    process.crashed = true;
    for (const each of this.pending.filter((one) => one.process === process)) {
      this.remove(each);
      if (each.isReady() && this.choices.happens(2)) each.carryOut('unanswered');
    }
  }

  private run(each: Pending): void {
    this.remove(each);
    const isLost = this.choices.happens(LOSS_RARITY);
    each.carryOut(isLost ? (this.choices.happens(2) ? 'answer lost' : 'request lost') : 'answered');
  }

  private remove(each: Pending): void {
    this.pending.splice(this.pending.indexOf(each), 1);
  }
}

/** Lets the processes go on until each of them waits for something. */
export async function letRun(): Promise<void> {
  await turn();
}

function always(): boolean {
  return true;
}

function attempt(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // Nobody hears of it.
  }
}
