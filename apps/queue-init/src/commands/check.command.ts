import { checkTopology } from '@askflash/messaging';
import { Command } from 'nest-commander';
import type { Broker } from '../broker';
import { TopologyDriftError } from '../errors';
import { differenceTable } from '../tables';
import { QueueInitCommand } from './queue-init-command';

@Command({
  name: 'check',
  description: 'Fails with exit code 2 where the broker differs from what is wanted',
})
export class CheckCommand extends QueueInitCommand {
  protected async work({ management, vhost }: Broker): Promise<void> {
    const differences = await checkTopology(management, vhost);
    if (differences.length > 0) {
      this.print(differenceTable(differences));
      throw new TopologyDriftError(differences);
    }
    this.print(`${vhost} is as wanted`);
  }
}
