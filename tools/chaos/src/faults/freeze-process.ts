import { harmedPlaces, type Fault } from './fault';

/** An app stands still and goes on as if no time had passed, with its connections and its leases. */
export const FREEZE_PROCESS: Fault = {
  kind: 'freeze-process',
  targets: harmedPlaces,
  forMs: [500, 15_000],
  async inject(rig, { target, forMs }, hold) {
    rig.process(target).signal('SIGSTOP');
    await hold(forMs);
    rig.process(target).signal('SIGCONT');
  },
};
