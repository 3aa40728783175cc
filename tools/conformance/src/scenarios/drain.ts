import type { Bench } from '../bench';
import { ConformanceViolatedError } from '../errors';
import { DRAIN_TIMEOUT_MS } from '../rig/agent-environment';
import { describe, type Ending } from '../rig/agent-process';
import { OF_AGENT, type Scenario } from '../scenario';
import { setTimeout as delay } from 'node:timers/promises';

const WORK_MS = 1_000;
const TAKEN_TIMEOUT_MS = 10_000;

/** What the agent gets beyond its drain time to close its connections. */
const GRACE_MS = 3_000;

/** The last scenario: the agent has to be gone, so that all it will ever report has been reported. */
export const DRAIN: Scenario = {
  ...OF_AGENT,
  name: 'drain',
  title: 'Drain',
  async run(bench) {
    const atWork = await bench.send({ do: 'work', ms: WORK_MS });
    await bench.eventually(async () => (await bench.queue.waitingCount()) === 0, TAKEN_TIMEOUT_MS);
    const startedAt = performance.now();
    bench.process.terminate();
    const late = await bench.send();
    const ending = await endWithin(bench, DRAIN_TIMEOUT_MS + GRACE_MS);
    if (ending?.code !== 0) {
      throw new ConformanceViolatedError(
        `After SIGTERM the agent should end with exit code 0 within ${DRAIN_TIMEOUT_MS} ms, and ${describe(ending)}`,
      );
    }
    const drainedMs = Math.round(performance.now() - startedAt);
    await expectAccounts(bench, [atWork.messageId, late.messageId]);
    const outcome = bench.reportsOf(atWork).length === 1 ? 'reported' : 'handed back';
    return { summary: `ended in ${drainedMs} ms, its work ${outcome}` };
  },
};

async function endWithin({ process }: Bench, timeoutMs: number): Promise<Ending | undefined> {
  const over = new AbortController();
  const timeUp = delay(timeoutMs, undefined, { signal: over.signal }).catch(() => undefined);
  const ending = await Promise.race([process.ended, timeUp]);
  over.abort();
  return ending;
}

/** Each request of the run is reported once, or is in the queue once where it may have been handed back. */
async function expectAccounts(bench: Bench, mayBeBack: readonly string[]): Promise<void> {
  const waiting = await bench.queue.takeAll();
  for (const { request, messageId } of bench.sent) {
    const reported = bench.listener.reportsOf(request.taskId).length;
    const back = waiting.filter((id) => id === messageId).length;
    if (reported > 1) {
      throw new ConformanceViolatedError(
        `Task ${request.taskId} was reported ${reported} times in the end`,
      );
    }
    const owed = mayBeBack.includes(messageId);
    if (owed ? reported + back !== 1 : back > 0) {
      throw new ConformanceViolatedError(
        `Task ${request.taskId} is reported ${reported} times and waits in the queue ${back} times`,
      );
    }
  }
}
