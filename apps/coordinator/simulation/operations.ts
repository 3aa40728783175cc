import { setImmediate as turn } from 'node:timers/promises';
import type { Choices } from './choices';

/**
 * A process that can crash: then nothing it waits for ever comes, and nothing it asks for is done. One
 * that is frozen hears of nothing until it thaws, and what it asks for meanwhile is done no earlier.
 */
export interface Process {
  crashed: boolean;
  frozen: boolean;
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

type Way = 'answered' | 'answered late' | 'request lost' | 'answer lost' | 'unanswered';

/** Of so many operations one goes wrong, and two are done well before the process hears of it. */
const FATE_COUNT = 25;

/**
 * What processes wait for, until it is their turn:
 *
 * ```
 * asked ──carryOut──► done ──at once, or when its turn comes──► answered
 *   │                  └──────► answer lost
 *   ├───────────────────────► request lost
 *   └──process crashes──► done or not, and nobody hears of it
 * ```
 */
export class Operations {
  private readonly pending: Pending[] = [];

  constructor(private readonly choices: Choices) {}

  /** Asks something of a server; settles once its turn has come. */
  ask<Result>({ process, effect, isReady = always, lost }: Request<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (process.crashed) return;
      const isSent = !process.frozen;
      const answer = (result: PromiseSettledResult<Result>) =>
        result.status === 'fulfilled' ? resolve(result.value) : reject(result.reason);
      const carryOut = (way: Way) => {
        const reason = way === 'answer lost' || way === 'request lost' ? lost?.() : undefined;
        const result = reason && way === 'request lost' ? undefined : settle(effect);
        const heard = reason || !result ? { status: 'rejected' as const, reason } : result;
        if (way === 'unanswered') return;
        if (way !== 'answered late' && !process.frozen) return answer(heard);
        this.pending.push({
          process,
          isReady: () => !process.frozen,
          carryOut: (late) => late !== 'unanswered' && answer(heard),
        });
      };
      this.pending.push({
        process,
        isReady: () => (isSent || !process.frozen) && isReady(),
        carryOut,
      });
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
    each.carryOut(this.fate());
  }

  private fate(): Way {
    const fate = this.choices.pick(FATE_COUNT);
    if (fate === FATE_COUNT - 1) return this.choices.happens(2) ? 'answer lost' : 'request lost';
    return fate >= FATE_COUNT - 3 ? 'answered late' : 'answered';
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

function settle<Result>(effect: () => Result): PromiseSettledResult<Result> {
  try {
    return { status: 'fulfilled', value: effect() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
