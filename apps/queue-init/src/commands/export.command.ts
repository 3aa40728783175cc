import { TOPOLOGY, toDefinitions } from '@askflash/messaging';
import { Command, CommandRunner, Option } from 'nest-commander';

interface ExportOptions {
  readonly vhost?: string;
}

@Command({
  name: 'export',
  description:
    'Prints the topology as RabbitMQ definitions, for `load_definitions`; needs no broker',
})
export class ExportCommand extends CommandRunner {
  override async run(_parameters: string[], { vhost = '/' }: ExportOptions): Promise<void> {
    process.stdout.write(`${JSON.stringify(toDefinitions(TOPOLOGY, vhost), null, 2)}\n`);
  }

  override setCommand(...[command]: Parameters<CommandRunner['setCommand']>): this {
    command.exitOverride();
    return super.setCommand(command);
  }

  @Option({ flags: '--vhost <name>', description: 'The virtual host to be named in it; / without' })
  parseVhost(text: string): string {
    return text;
  }
}
