import { QUEUE_INIT_CONFIG, loadConfig, type ConfigOf } from '@askflash/config';
import { JobCommand, wholeNumber } from '@askflash/job-kit';
import { Option } from 'nest-commander';
import { connectBroker, type Broker } from '../broker';

export type QueueInitConfig = ConfigOf<typeof QUEUE_INIT_CONFIG>;

export interface ConnectionOptions {
  /** Seconds. */
  readonly wait?: number;
}

/** What all commands share that talk to the broker: how they reach it, and for how long they try. */
export abstract class QueueInitCommand<
  Options extends ConnectionOptions = ConnectionOptions,
> extends JobCommand {
  /** Whether the virtual host is made where it is missing. */
  protected readonly makesVhost: boolean = false;

  /** Does the command's work. */
  protected abstract work(broker: Broker, options: Options, config: QueueInitConfig): Promise<void>;

  override async run(_parameters: string[], options: Options): Promise<void> {
    const config = loadConfig(QUEUE_INIT_CONFIG);
    const broker = await connectBroker(config, {
      waitMs: (options.wait ?? 0) * 1000,
      makeVhost: this.makesVhost,
    });
    try {
      await this.work(broker, options, config);
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
