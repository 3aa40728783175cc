import type { Fault } from './fault';

/** As infrastructure/rabbitmq/rabbitmq.conf has it. */
const USUAL_WATERMARK = '0.4';

/** RabbitMQ is out of memory and takes no messages. */
export const MEMORY_ALARM: Fault = {
  kind: 'memory-alarm',
  targets: () => ['watermark'],
  forMs: [1_000, 6_000],
  async inject(rig, { forMs }, hold) {
    await rig.servers.ctl(['set_vm_memory_high_watermark', '0.000001']);
    await hold(forMs);
    await rig.servers.ctl(['set_vm_memory_high_watermark', USUAL_WATERMARK]);
  },
};
