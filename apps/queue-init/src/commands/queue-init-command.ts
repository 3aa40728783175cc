import { QUEUE_INIT_CONFIG, loadConfig } from '@askflash/config';
import { JobCommand, wholeNumber } from '@askflash/job-kit';
import { Option } from 'nest-commander';
import { connectBroker, type Broker } from '../broker';

export interface ConnectionOptions {
  /** Seconds. */
  readonly wait?: number;
}

/** What all commands share that talk to the broker: how they reach it, and for how long they try. */
export abstract class QueueInitCommand<
  Options extends ConnectionOptions = ConnectionOptions,
> extends JobCommand {
  /** Does the command's work. */
  protected abstract work(broker: Broker, options: Options): Promise<void>;

  override async run(_parameters: string[], options: Options): Promise<void> {
    const urls = loadConfig(QUEUE_INIT_CONFIG);
    const broker = await connectBroker(urls, (options.wait ?? 0) * 1000);
    try {
      await this.work(broker, options);
    } finally {
      await broker.connection.close();
    }
  }

  @Option({
    flags: '--wait <seconds>',
    description: 'How long to wait for a broker that is still starting; 0 without it',
  })
  parseWait(text: string): number {
    return wholeNumber('--wait', text, 0);
  }
}
