import { AgentGoneError, ConformanceViolatedError } from '../errors';
import { HEARTBEAT_INTERVAL_MS } from '../rig/agent-environment';
import { OF_AGENT, type Scenario } from '../scenario';

const START_TIMEOUT_MS = 30_000;
const BEATS = 2;

export const START: Scenario = {
  ...OF_AGENT,
  name: 'start',
  title: 'Start, probe, heartbeat',
  needs: [],
  async run(bench) {
    const { agent, stage } = bench.options;
    const { queue, listener, process } = bench;
    if (
      !(await bench.eventually(async () => (await queue.consumerCount()) > 0, START_TIMEOUT_MS))
    ) {
      throw new AgentGoneError(
        `Nobody consumes ${queue.name} within ${START_TIMEOUT_MS} ms: ${process.lastWords}`,
      );
    }
    const probeMs = await bench.answersProbe();
    const enough = () => listener.heartbeats.length >= BEATS;
    if (!(await bench.eventually(enough, 10 * HEARTBEAT_INTERVAL_MS))) {
      throw new ConformanceViolatedError(
        `${listener.heartbeats.length} heartbeats instead of ${BEATS} came in ${10 * HEARTBEAT_INTERVAL_MS} ms`,
      );
    }
    for (const { payload, problems } of listener.heartbeats) {
      if (problems.length > 0) {
        throw new ConformanceViolatedError(`A heartbeat is wrong: ${problems.join('; ')}`);
      }
      const { agent: name, queue: from, stages } = payload;
      if (name !== agent.name || from !== agent.queue || !stages.includes(stage)) {
        throw new ConformanceViolatedError(
          `A heartbeat is of ${name} with ${stages.join(', ')} from ${from}, not of ${agent.name} with ${stage} from ${agent.queue}`,
        );
      }
    }
    const consumer = await bench.answeringConsumer();
    if (!listener.heartbeats.some(({ payload }) => payload.instanceId === consumer)) {
      throw new ConformanceViolatedError(
        `A probe is answered in the name of ${consumer ?? 'nobody'} instead of the instance’s id that heartbeats tell`,
      );
    }
    return { summary: `answers a probe in ${Math.round(probeMs)} ms` };
  },
};
