import { expectCompletedWork } from '../expect-report';
import { OF_AGENT, type Scenario } from '../scenario';

const WORK_MS = 200;

/** Longer than a second run would take to report. */
const QUIET_MS = 700;

export const DUPLICATE: Scenario = {
  ...OF_AGENT,
  name: 'duplicate',
  title: 'Duplicate',
  async run(bench) {
    const sent = await bench.send({ do: 'work', ms: WORK_MS });
    await bench.sendAgain(sent);
    await expectCompletedWork(bench, sent, WORK_MS);
    await bench.sendAgain(sent);
    await bench.noSecondReport(sent, QUIET_MS);
    return { summary: 'three deliveries, one report' };
  },
};
