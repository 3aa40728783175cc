import type { Fault } from './fault';

/** Somebody deletes a queue with all that is in it, and declares it again. */
export const DELETE_QUEUE: Fault = {
  kind: 'delete-queue',
  targets: ({ queues }) => queues,
  forMs: [0, 2_000],
  async inject(rig, { target, forMs }, hold) {
    await rig.servers.deleteQueue(target);
    await hold(forMs);
    await rig.servers.declareQueues();
  },
};
