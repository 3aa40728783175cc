import { ConformanceViolatedError, DirectiveIgnoredError } from '../errors';
import { OF_AGENT, type Scenario } from '../scenario';

const WORK_MS = 1_000;

/** Past the work, in which an agent that does not care would report. */
const MARGIN_MS = 500;

export const ABORT: Scenario = {
  ...OF_AGENT,
  name: 'abort',
  title: 'Abort',
  async run(bench) {
    const sent = await bench.send({ do: 'work', ms: WORK_MS });
    const startedAt = performance.now();
    const { queue } = bench;
    await bench.eventually(async () => (await queue.waitingCount()) === 0, WORK_MS);
    await sent.task.abort();
    const abortedMs = performance.now() - startedAt;
    const isReported = () => bench.reportsOf(sent).length > 0;
    await bench.eventually(isReported, WORK_MS + MARGIN_MS - abortedMs);
    const reportedMs = performance.now() - startedAt;
    await bench.answersProbe();
    if (!isReported()) return { summary: 'nothing reported on a task that has ended' };
    if (reportedMs < WORK_MS / 2) {
      throw new DirectiveIgnoredError(
        `The agent was told by input.conformance to work for ${WORK_MS} ms, and reported after ${Math.round(reportedMs)} ms`,
      );
    }
    throw new ConformanceViolatedError(
      'The task was aborted while the agent was at work, as its view in Redis said, and yet it reported',
    );
  },
};
