import { harmedPlaces, type Fault } from './fault';

/** An app is told to stop, as by a deployment, and is started again. */
export const STOP_PROCESS: Fault = {
  kind: 'stop-process',
  targets: harmedPlaces,
  forMs: [0, 3_000],
  async inject(rig, { target, forMs }, hold) {
    await rig.process(target).stop('SIGTERM');
    await hold(forMs);
    rig.process(target).start();
  },
};
