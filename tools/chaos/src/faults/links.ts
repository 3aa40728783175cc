import { OPEN, type LinkState } from '../rig/link-state';
import type { Fault } from './fault';

/** Every message on its way takes so much longer. */
export const DELAY_LINK = linkFault('delay-link', [1_000, 8_000], (seed) => ({
  ...OPEN,
  delayMs: 20 + (seed % 1_500),
}));

/** So little goes through that answers come late and in pieces. */
export const THROTTLE_LINK = linkFault('throttle-link', [1_000, 8_000], (seed) => ({
  ...OPEN,
  bytesPerSecond: 500 + (seed % 20_000),
}));

/** The far end is gone and does not say so: what is sent gets no answer. */
export const HALF_OPEN_LINK = linkFault('half-open-link', [1_000, 15_000], () => ({
  ...OPEN,
  isHalfOpen: true,
}));

/** Connections break, and no new one can be made. */
export const CUT_LINK = linkFault('cut-link', [0, 5_000], () => ({ ...OPEN, isCut: true }));

function linkFault(
  kind: string,
  forMs: Fault['forMs'],
  stateOf: (seed: number) => LinkState,
): Fault {
  return {
    kind,
    targets: ({ links }) => links,
    forMs,
    async inject(rig, planned, hold) {
      const link = rig.link(planned.target);
      link.become(stateOf(planned.seed));
      await hold(planned.forMs);
      link.become(OPEN);
    },
  };
}
