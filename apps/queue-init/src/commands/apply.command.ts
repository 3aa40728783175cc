import { TOPOLOGY } from '@askflash/messaging';
import { Command } from 'nest-commander';
import { applyTopology } from '../apply-topology';
import type { Broker } from '../broker';
import { grantAccess } from '../grant-access';
import { probeRoutes } from '../probe/probe-routes';
import { differenceTable, table } from '../tables';
import {
  QueueInitCommand,
  type ConnectionOptions,
  type QueueInitConfig,
} from './queue-init-command';

@Command({
  name: 'apply',
  description:
    'Makes what is missing, changes policies, gives apps their rights, and sends a probe through every route; deletes nothing',
})
export class ApplyCommand extends QueueInitCommand {
  protected override readonly makesVhost = true;

  protected async work(
    broker: Broker,
    _options: ConnectionOptions,
    { logins = [] }: QueueInitConfig,
  ): Promise<void> {
    const mended = await applyTopology(broker, TOPOLOGY);
    if (mended.length === 0) this.print(`Nothing to do: ${broker.vhost} is as wanted`);
    else this.print(`Done:\n${differenceTable(mended)}`);
    const users = await grantAccess(broker, logins);
    if (users.length > 0) this.print(`Users with their rights: ${users.join(', ')}`);
    const probes = await probeRoutes(broker, TOPOLOGY);
    const rows = probes.map(({ route, outcome }) => [route, outcome]);
    this.print(`Probes:\n${table(['route', 'probe'], rows)}`);
  }
}
