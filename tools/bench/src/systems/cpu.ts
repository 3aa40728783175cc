import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, on every architecture it runs on. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  /** Of the process, and of the children that it has waited for. */
  readonly cpuMs: number;
}

/**
 * CPU time that processes and all their descendants have used so far, in milliseconds; PostgreSQL has
 * a process a connection. 0 where there is no /proc.
 */
export function cpuOf(pids: readonly number[]): number {
  const stats = readStats();
  const wanted = [...withDescendants(pids, stats)];
  return wanted.reduce((sum, pid) => sum + (stats.get(pid)?.cpuMs ?? 0), 0);
}

/** Processes and all their descendants. */
export function withDescendants(pids: readonly number[], stats = readStats()): Set<number> {
  const wanted = new Set(pids);
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const [pid, { parent }] of stats) if (wanted.has(parent)) wanted.add(pid);
  }
  return wanted;
}

function readStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of processNames()) {
    const stat = readStat(name);
    if (stat) stats.set(Number(name), stat);
  }
  return stats;
}

function processNames(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function readStat(name: string): Stat | undefined {
  try {
    const line = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name of the program stands before the last bracket and may hold anything.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
  } catch {
    // It has just ended.
    return undefined;
  }
}
