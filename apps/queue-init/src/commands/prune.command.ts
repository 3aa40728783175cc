import { TOPOLOGY } from '@askflash/messaging';
import { Command, Option } from 'nest-commander';
import type { Broker } from '../broker';
import { prune } from '../prune';
import { table } from '../tables';
import { QueueInitCommand, type ConnectionOptions } from './queue-init-command';

interface PruneOptions extends ConnectionOptions {
  readonly confirm?: boolean;
}

@Command({
  name: 'prune',
  description:
    'Removes what the backbone once made and no longer wants; never a queue that holds messages',
})
export class PruneCommand extends QueueInitCommand<PruneOptions> {
  protected async work(broker: Broker, { confirm = false }: PruneOptions): Promise<void> {
    const prunings = await prune(broker, TOPOLOGY, confirm);
    if (prunings.length === 0) return this.print('Nothing to prune');
    const rows = prunings.map(({ thing, name, outcome }) => [thing, name, outcome]);
    this.print(table(['what', 'name', 'outcome'], rows));
    if (!confirm) this.print('Nothing was removed; --confirm does it');
  }

  @Option({ flags: '--confirm', description: 'Removes; without it, only shows what would go' })
  parseConfirm(): boolean {
    return true;
  }
}
