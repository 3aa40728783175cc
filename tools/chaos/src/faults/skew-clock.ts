import { harmedAgents, type Fault } from './fault';

const HOUR_MS = 3_600_000;

/** An agent's clock is an hour fast or slow. */
export const SKEW_CLOCK: Fault = {
  kind: 'skew-clock',
  targets: harmedAgents,
  forMs: [3_000, 10_000],
  async inject(rig, { target, forMs, seed }, hold) {
    const process = rig.process(target);
    await process.stop('SIGTERM');
    process.start({ clockOffsetMs: seed % 2 === 0 ? HOUR_MS : -HOUR_MS });
    await hold(forMs);
    await process.stop('SIGTERM');
    process.start();
  },
};
