import { readFileSync } from 'node:fs';
import { withDescendants } from '../systems/cpu';

const KIB_A_MB = 1e6 / 1024;

/**
 * Memory of processes and of all their descendants, in MB. What several of them share counts once in all
 * (PSS), as PostgreSQL’s buffers do. 0 where there is no /proc.
 */
export function memoryOf(pids: readonly number[]): number {
  const kib = [...withDescendants(pids)].map(proportionalKib);
  return kib.reduce((sum, each) => sum + each, 0) / KIB_A_MB;
}

function proportionalKib(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]);
  } catch {
    // It has just ended.
    return 0;
  }
}
