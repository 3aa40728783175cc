import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ChaosUsageError } from './errors';

/** What a run is: all that happens in it follows from this. */
export interface CommandLine {
  readonly minutes: number;
  readonly seed: number;
  /** Tasks a second, while faults are made. */
  readonly rate: number;
  /** How long everything may take to come to rest after healing. */
  readonly patienceSeconds: number;
  /** Print what would be done, and do nothing. */
  readonly planOnly: boolean;
  /** Lose the nodes of clusters one after the other, instead. */
  readonly clusters: boolean;
  /** A checkout of an older version, built, of which one more coordinator is run. */
  readonly previous: string | undefined;
}

const SEEDS = 2 ** 31;

const numbers = z.object({
  minutes: z.coerce
    .number()
    .min(0.5)
    .max(24 * 60),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(SEEDS - 1),
  rate: z.coerce.number().min(1).max(1000),
  patience: z.coerce.number().min(1).max(3600),
});

/**
 * Reads the arguments of `chaos`.
 *
 * @throws {ChaosUsageError} where one is unknown or no number that makes sense
 */
export function readCommandLine(args: string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args,
      options: {
        minutes: { type: 'string', default: '1' },
        seed: { type: 'string', default: String(Math.floor(Math.random() * SEEDS)) },
        rate: { type: 'string', default: '12' },
        patience: { type: 'string', default: '60' },
        plan: { type: 'boolean', default: false },
        clusters: { type: 'boolean', default: false },
        previous: { type: 'string' },
      },
    });
    const { plan: planOnly, clusters, previous } = values;
    const { patience: patienceSeconds, ...plan } = numbers.parse(values);
    return { ...plan, patienceSeconds, planOnly, clusters, previous };
  } catch (cause) {
    throw new ChaosUsageError('The arguments are not known', { cause });
  }
}
