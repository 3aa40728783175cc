import { ConformanceViolatedError } from '../errors';
import { expectFailure } from '../expect-report';
import { OF_AGENT, type Scenario } from '../scenario';

const PAUSE_MS = 1234;

export const RETRY_LATER: Scenario = {
  ...OF_AGENT,
  name: 'retry-later',
  title: 'Retry later',
  async run(bench) {
    const sent = await bench.send({ do: 'retry_later', ms: PAUSE_MS });
    const { retryable, retryAfterMs } = await expectFailure(bench, sent);
    if (!retryable || retryAfterMs !== PAUSE_MS) {
      throw new ConformanceViolatedError(
        `retryable is ${retryable} and retryAfterMs ${retryAfterMs}, not true and ${PAUSE_MS}`,
      );
    }
    return { summary: `retryable, after ${retryAfterMs} ms` };
  },
};
