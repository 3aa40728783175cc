import { checkTopology } from '@askflash/messaging';
import { Command, Option } from 'nest-commander';
import type { Broker } from '../broker';
import { differenceTable } from '../tables';
import { QueueInitCommand, type ConnectionOptions } from './queue-init-command';

interface PlanOptions extends ConnectionOptions {
  readonly json?: boolean;
}

@Command({
  name: 'plan',
  description: 'Shows how the broker differs from what is wanted; changes nothing',
})
export class PlanCommand extends QueueInitCommand<PlanOptions> {
  protected async work({ management, vhost }: Broker, { json }: PlanOptions): Promise<void> {
    const differences = await checkTopology(management, vhost);
    if (json) this.print(JSON.stringify({ vhost, differences }, null, 2));
    else if (differences.length === 0) this.print(`Nothing to do: ${vhost} is as wanted`);
    else this.print(differenceTable(differences));
  }

  @Option({ flags: '--json', description: 'As JSON, for scripts' })
  parseJson(): boolean {
    return true;
  }
}
