import { serve } from './serve.mjs';

/**
 * Notes which stages of which tasks a worker has run. That is what the harness believes: it takes no
 * system's own word for work that was done.
 */
export class Ledger {
  /** @type {Map<string, string[]>} tasks by stage, one entry a run */
  #runs = new Map();

  /**
   * @param {string} task
   * @param {string} stage
   */
  mark(task, stage) {
    const tasks = this.#runs.get(stage);
    if (tasks) tasks.push(task);
    else this.#runs.set(stage, [task]);
  }

  /** How many runs are noted. */
  count() {
    return [...this.#runs.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** All that is noted, to begin anew. @returns {[stage: string, tasks: string[]][]} */
  take() {
    const runs = [...this.#runs];
    this.#runs = new Map();
    return runs;
  }
}

/**
 * Lets a worker tell what it has run; to be called once it takes work.
 *
 * @param {Ledger} ledger
 */
export function serveWorker(ledger) {
  serve({ count: () => ledger.count(), take: () => ledger.take() });
}
