import { QUEUE_INIT_CONFIG, loadConfig } from '@askflash/config';
import { CommandRunner, Option } from 'nest-commander';
import { connectBroker, type Broker } from '../broker';
import { OptionInvalidError } from '../errors';

export interface ConnectionOptions {
  /** Seconds. */
  readonly wait?: number;
}

/** What all commands share that talk to the broker: how they reach it, and for how long they try. */
export abstract class QueueInitCommand<
  Options extends ConnectionOptions = ConnectionOptions,
> extends CommandRunner {
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

  /** Lets a wrong command line end as an error instead of ending the process. */
  override setCommand(...[command]: Parameters<CommandRunner['setCommand']>): this {
    command.exitOverride();
    return super.setCommand(command);
  }

  protected print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  @Option({
    flags: '--wait <seconds>',
    description: 'How long to wait for a broker that is still starting; 0 without it',
  })
  parseWait(text: string): number {
    if (/^\d{1,6}$/.test(text)) return Number(text);
    throw new OptionInvalidError('--wait', 'a whole number of seconds');
  }
}
