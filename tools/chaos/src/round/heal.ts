import { OPEN } from '../rig/link-state';
import type { Rig } from '../rig/rig';

/** Undoes what a fault that failed half-way has left, and waits until every server and app is up. */
export async function heal(rig: Rig): Promise<void> {
  for (const name of rig.layout.links) rig.link(name).become(OPEN);
  for (const process of rig.allProcesses) {
    process.signal('SIGCONT');
    if (process.pid === undefined) process.start();
  }
  await rig.servers.declareQueues();
  await rig.becomeReady();
}
