import { harmedPlaces, type Fault } from './fault';

/** An app crashes; it is started again after a while. */
export const KILL_PROCESS: Fault = {
  kind: 'kill-process',
  targets: harmedPlaces,
  forMs: [0, 5_000],
  async inject(rig, { target, forMs }, hold) {
    await rig.process(target).stop('SIGKILL');
    await hold(forMs);
    rig.process(target).start();
  },
};
