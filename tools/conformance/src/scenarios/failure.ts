import { expectFailure } from '../expect-report';
import { OF_AGENT, type Scenario } from '../scenario';

export const FAILURE: Scenario = {
  ...OF_AGENT,
  name: 'failure',
  title: 'Failure',
  async run(bench) {
    const { code } = await expectFailure(bench, await bench.send({ do: 'fail' }));
    return { summary: `reported as ${code}` };
  },
};
