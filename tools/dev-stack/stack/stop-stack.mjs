import { isAlive, stopProcess } from '../support/processes.mjs';
import { stopContainers } from './docker.mjs';

/**
 * Ends exactly what starts have recorded: the apps first, then the servers that they use.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {{ wipe?: boolean }} [options] `wipe`: and deletes all data and logs
 * @returns {Promise<string[]>} the names of the processes there were to end
 */
export async function stopStack(local, { wipe = false } = {}) {
  const processes = local.readStarted()?.processes.filter(isAlive) ?? [];
  for (const kind of ['app', 'server']) {
    const ending = processes.filter((record) => record.kind === kind);
    await Promise.all(ending.map((record) => stopProcess(record)));
  }
  await stopContainers({ folder: local.folder, logFile: local.log('docker'), wipe });
  if (wipe) local.wipe();
  else local.forget();
  return processes.map(({ name }) => name);
}
