import { outputSchemaOf } from '@askflash/contracts';
import { ConformanceViolatedError } from '../errors';
import { expectOfAttempt } from '../expect-report';
import { issuesOf } from '../rig/event';
import { OF_AGENT, type Scenario } from '../scenario';

export const VALID_RESULT: Scenario = {
  ...OF_AGENT,
  name: 'valid-result',
  title: 'Valid result',
  async run(bench) {
    const sent = await bench.send();
    const report = await bench.report(sent);
    if (report.kind !== 'completed') {
      const why = report.kind === 'failed' ? ` (${report.payload.error.message})` : '';
      throw new ConformanceViolatedError(
        `An ordinary request has ${report.kind}${why}; --request FILE gives the agent the query, input or upstream it needs`,
      );
    }
    expectOfAttempt(bench, sent, report);
    const { stage, output } = report.payload;
    const problems = issuesOf(`output of ${stage}`, outputSchemaOf(stage)?.safeParse(output).error);
    if (problems.length > 0) throw new ConformanceViolatedError(problems.join('; '));
    await bench.noSecondReport(sent, 0);
    return { summary: `${stage} completed in ${Math.round(report.payload.durationMs)} ms` };
  },
};
