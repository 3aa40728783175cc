import { ConformanceViolatedError } from '../errors';
import { expectOfAttempt } from '../expect-report';
import { malformedMessages } from '../rig/malformed';
import { requestOf } from '../rig/trial-task';
import { OF_AGENT, type Scenario } from '../scenario';

const BURIAL_TIMEOUT_MS = 5_000;

export const MALFORMED: Scenario = {
  ...OF_AGENT,
  name: 'malformed',
  title: 'Malformed input',
  needs: ['start', 'valid-result'],
  async run(bench) {
    const { stage, request } = bench.options;
    const malformed = malformedMessages(requestOf(stage, request, undefined));
    const neighbours = [await bench.send()];
    for (const message of malformed) await bench.queue.put(message);
    neighbours.push(await bench.send());

    for (const sent of neighbours) {
      const report = await bench.report(sent);
      if (report.kind !== 'completed') {
        throw new ConformanceViolatedError(`A neighbour of malformed messages has ${report.kind}`);
      }
      expectOfAttempt(bench, sent, report);
    }
    const letters = async () => {
      const found = await bench.deadLetters();
      return found.length >= malformed.length && found;
    };
    const dead =
      (await bench.eventually(letters, BURIAL_TIMEOUT_MS)) || (await bench.deadLetters());
    const missing = malformed.filter(({ id }) => !dead.some((letter) => letter.id === id));
    if (missing.length > 0) {
      throw new ConformanceViolatedError(
        `Not in mcp.dead_letter: a message with ${missing.map(({ what }) => what).join(', ')}`,
      );
    }
    const others = dead.filter(({ id }) => !malformed.some((message) => message.id === id));
    if (others.length > 0) {
      throw new ConformanceViolatedError(`${others.length} good messages are in mcp.dead_letter`);
    }
    for (const { reason, queue } of dead) {
      if (reason === '' || queue !== bench.queue.name) {
        throw new ConformanceViolatedError(
          `A dead letter has the reason ${reason} and comes from ${queue}`,
        );
      }
    }
    for (const sent of neighbours) await bench.noSecondReport(sent, 0);
    const reasons = [...new Set(dead.map(({ reason }) => reason))].join(', ');
    return { summary: `${dead.length} kinds dead-lettered: ${reasons}` };
  },
};
