import { eventually } from '@askflash/testing';
import { OPEN } from '../rig/link';
import type { Rig } from '../rig/rig';

const PATIENCE = { timeoutMs: 120_000, intervalMs: 500 };

/** Undoes what a fault that failed half-way has left, and waits until every server and app is up. */
export async function heal(rig: Rig): Promise<void> {
  for (const name of rig.layout.links) rig.link(name).become(OPEN);
  for (const process of rig.allProcesses) {
    process.signal('SIGCONT');
    if (process.pid === undefined) process.start();
  }
  await eventually(
    async () => {
      await rig.servers.declareQueues();
      return true;
    },
    { ...PATIENCE, what: 'the servers to be as they should be' },
  );
  await rig.becomeReady();
}
