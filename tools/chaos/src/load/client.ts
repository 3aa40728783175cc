import { taskView } from '@askflash/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedTask } from '../plan/tasks';

/** A request that gets no answer for so long is sent again. */
const ANSWER_MS = 10_000;

/** Before it is sent again for the first time, and at most: a crowd of clients is no help either. */
const FIRST_BACKOFF_MS = 200;
const LAST_BACKOFF_MS = 5_000;

/** Hands tasks in, each under its key until some coordinator has answered 202, and writes down what it heard. */
export class Client {
  /** The ids that each key was answered with: one, if promises are kept. */
  readonly answers = new Map<string, Set<string>>();
  /** Answers that no request of ours deserves. */
  readonly refusals: string[] = [];
  requestCount = 0;

  /** @param urls of the coordinators */
  constructor(private readonly urls: readonly string[]) {}

  /** @param signal gives up what was not accepted by then */
  async handIn(task: PlannedTask, signal: AbortSignal): Promise<void> {
    for (let backoffMs = FIRST_BACKOFF_MS; !signal.aborted; backoffMs *= 2) {
      const id = await this.ask(task);
      if (id === undefined) {
        await delay(Math.min(backoffMs, LAST_BACKOFF_MS));
        continue;
      }
      this.answers.set(task.key, (this.answers.get(task.key) ?? new Set()).add(id));
      if (task.abortAfterMs !== undefined) {
        await delay(task.abortAfterMs);
        await this.post(`/tasks/${id}/abort`, {}).catch(() => undefined);
      }
      return;
    }
  }

  /** The task’s id; undefined where it has to be asked again. */
  private async ask(task: PlannedTask): Promise<string | undefined> {
    const { key, template, priority, deadlineMs, input } = task;
    try {
      const response = await this.post(
        '/tasks',
        { query: 'Why?', userId: 'chaos', template, priority, deadlineMs, input },
        { 'idempotency-key': key },
      );
      if (response.status === 202) return taskView.parse(await response.json()).id;
      // 503 says when to come back; 500 would be a fault of the coordinator’s own.
      if (response.status <= 500) {
        this.refusals.push(`${key}: ${response.status} ${await response.text()}`);
      }
    } catch {
      // Whether it was accepted is unknown: the key finds out.
    }
    return undefined;
  }

  private post(
    path: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const url = this.urls[(this.requestCount += 1) % this.urls.length];
    return fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  }
}
