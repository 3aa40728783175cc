import { readFileSync } from 'node:fs';
import { withDescendants } from '../systems/cpu';

const KIB_A_MB = 1e6 / 1024;

/**
 * Memory of processes and of all their descendants, in MB. What several of them share counts once in all
 * (PSS), as PostgreSQL’s buffers do; `own` leaves out what may be shared. 0 where there is no /proc.
 */
export function memoryOf(pids: readonly number[], { own = false } = {}): number {
  const field = own ? /^Pss_Anon:\s+(\d+)/m : /^Pss:\s+(\d+)/m;
  const kib = [...withDescendants(pids)].map((pid) => kibOf(pid, field));
  return kib.reduce((sum, each) => sum + each, 0) / KIB_A_MB;
}

function kibOf(pid: number, field: RegExp): number {
  try {
    return Number(field.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
  } catch {
    // It has just ended.
    return 0;
  }
}
