import { readFileSync } from 'node:fs';
import type { RigProcess } from '../rig/rig-process';
import type { Finding } from './finding';

/** So many rounds at the beginning and at the end of a life are compared. */
const WINDOW = 4;

/** What caches and heaps may take when they fill up. */
const GROWTH_FACTOR = 1.5;
const GROWTH_BYTES = 64 * 1024 ** 2;

/** The memory of each process that lives, at rest, round by round. */
export class Memory {
  private readonly samples = new Map<string, number[]>();

  /** Takes down what each process has now; on Linux, as nobody else tells. */
  sample(processes: readonly RigProcess[]): void {
    if (process.platform !== 'linux') return;
    for (const { name, pid } of processes) {
      if (pid !== undefined) this.add(`${name} (process ${pid})`, residentBytes(pid));
    }
  }

  /** Takes down what one process holds. */
  add(who: string, bytes: number): void {
    this.samples.set(who, [...(this.samples.get(who) ?? []), bytes]);
  }

  /** Those whose least of late is far more than their most of early: they grew and never gave back. */
  check(): Finding[] {
    return [...this.samples].flatMap(([who, bytes]): Finding[] => {
      if (bytes.length < 2 * WINDOW) return [];
      const early = Math.max(...bytes.slice(0, WINDOW));
      const late = Math.min(...bytes.slice(-WINDOW));
      if (late < early * GROWTH_FACTOR || late < early + GROWTH_BYTES) return [];
      const all = bytes.map(inMebibytes).join(', ');
      return [{ invariant: 'memory', taskId: null, what: `${who} held, at rest, ${all} MiB` }];
    });
  }

  /** One line for each process that was there in most rounds. */
  lines(): string[] {
    return [...this.samples]
      .filter(([, bytes]) => bytes.length >= WINDOW)
      .map(([who, bytes]) => `${who}: ${bytes.map(inMebibytes).join(' ')} MiB`);
  }
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function inMebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
