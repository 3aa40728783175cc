import { startPrivateServers, type PrivateServers } from '@askflash/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workbench } from './benchmark';

/** The workbench of one run; whoever makes it closes it. */
export class RunWorkbench implements Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'askflash-bench-'));
  private shared: Promise<PrivateServers> | undefined;
  private isKept = false;

  constructor(readonly isQuick: boolean) {
    // However it ends: also where Ctrl-C leaves no time for more.
    process.once('exit', () => {
      if (!this.isKept) rmSync(this.folder, { recursive: true, force: true });
    });
  }

  servers(): Promise<PrivateServers> {
    return (this.shared ??= this.startServers());
  }

  say(line: string): void {
    const seconds = (performance.now() / 1000).toFixed(0).padStart(5);
    process.stderr.write(`${seconds} s  ${line}\n`);
  }

  /** Stops the servers. `keepFolder`: somebody has to read the logs in there. */
  async close({ keepFolder = false } = {}): Promise<void> {
    await (await this.shared)?.stop();
    this.isKept = keepFolder;
    if (keepFolder) this.say(`Logs are in ${this.folder}`);
  }

  private async startServers(): Promise<PrivateServers> {
    this.say('Starting PostgreSQL, Redis and RabbitMQ');
    const servers = await startPrivateServers({ durable: true });
    // Where @askflash/testing looks for them.
    process.env['ASKFLASH_TEST_SERVERS'] = servers.file;
    return servers;
  }
}
