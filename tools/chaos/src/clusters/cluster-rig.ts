import { eventually, freePort, type TestServers } from '@askflash/testing';
import { join } from 'node:path';
import { layoutOf } from '../plan/layout';
import { programOf } from '../rig/program';
import type { Folders } from '../rig/rig';
import { RigProcess } from '../rig/rig-process';

const READY = { timeoutMs: 120_000, intervalMs: 100 };

/** Two coordinators and the agents, on clusters; nothing is between them. */
export class ClusterRig {
  readonly coordinatorUrls: string[] = [];
  readonly processes: RigProcess[] = [];

  private constructor(readonly folders: Folders) {}

  /** Starts every app; resolves when all of them work. */
  static async start(env: TestServers, folders: Folders): Promise<ClusterRig> {
    const rig = new ClusterRig(folders);
    for (const place of layoutOf({ isLong: false, hasPrevious: false }).places) {
      const port = place.agent === undefined ? await freePort() : 0;
      if (port > 0) rig.coordinatorUrls.push(`http://127.0.0.1:${port}`);
      const program = programOf(place, {
        env: { ...env, COORDINATOR_PORT: String(port) },
        previous: undefined,
        ledgerFile: join(folders.ledgers, `${place.name}.jsonl`),
        logFile: join(folders.logs, `${place.name}.log`),
      });
      const process = new RigProcess(place.name, program);
      rig.processes.push(process);
      process.start();
    }
    await rig.becomeReady();
    return rig;
  }

  /** Waits until every coordinator says that it is ready. */
  async becomeReady(): Promise<void> {
    await Promise.all(
      this.coordinatorUrls.map((url) =>
        eventually(async () => (await fetch(`${url}/health/ready`)).ok, {
          ...READY,
          what: 'every coordinator to be ready',
        }),
      ),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop('SIGKILL')));
  }
}
