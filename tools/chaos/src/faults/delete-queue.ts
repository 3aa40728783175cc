import type { Fault } from './fault';

/**
 * Somebody deletes a queue with all that is in it, and declares it again. Not while the broker starts:
 * RabbitMQ 3.10 loses every quorum queue’s process where a queue with at-least-once dead-lettering is
 * deleted before its leader is elected.
 */
export const DELETE_QUEUE: Fault = {
  kind: 'delete-queue',
  targets: ({ queues }) => queues,
  forMs: [0, 2_000],
  resource: 'rabbitmq',
  async inject(rig, { target, forMs }, hold) {
    await rig.servers.deleteQueue(target);
    await hold(forMs);
    await rig.servers.declareQueues();
  },
};
