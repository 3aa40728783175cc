import { runScenarios, type Report, type ScenarioResult } from '@askflash/scenario-kit';
import { Bench, type BenchOptions } from './bench';
import { ABORT } from './scenarios/abort';
import { DRAIN } from './scenarios/drain';
import { DUPLICATE } from './scenarios/duplicate';
import { FAILURE } from './scenarios/failure';
import { MALFORMED } from './scenarios/malformed';
import { RETRY_LATER } from './scenarios/retry-later';
import { START } from './scenarios/start';
import { VALID_RESULT } from './scenarios/valid-result';

const SCENARIOS = [START, VALID_RESULT, FAILURE, RETRY_LATER, DUPLICATE, MALFORMED, ABORT, DRAIN];

/**
 * Proves that an agent does what it owes, away from the stack’s own tasks; leaves nothing behind.
 *
 * @param signal gives up early
 * @param onResult called as each scenario ends
 */
export async function conformance(
  options: BenchOptions,
  signal: AbortSignal,
  onResult?: (result: ScenarioResult) => void,
): Promise<Report> {
  const bench = await Bench.open(options);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([runScenarios(SCENARIOS, bench, onResult), aborted]);
  } finally {
    await bench.close();
  }
}
