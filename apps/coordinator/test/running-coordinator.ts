import { COORDINATOR_CONFIG, loadConfig } from '@askflash/config';
import { taskView, type TaskView } from '@askflash/contracts';
import { eventually, type TestBackbone } from '@askflash/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { createApp } from '../src/create-app';

/** A coordinator on a free port, and what a client does with it. */
export class RunningCoordinator {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  /** @param settings variables of its own */
  static async start(
    { env }: Pick<TestBackbone, 'env'>,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<RunningCoordinator> {
    const config = loadConfig(COORDINATOR_CONFIG, {
      ...env,
      LOG_LEVEL: 'silent',
      COORDINATOR_POLL_INTERVAL_MS: '50',
      ...settings,
    });
    const app = await createApp(config);
    await app.listen(0, '127.0.0.1');
    const coordinator = new RunningCoordinator(app, await app.getUrl());
    await eventually(async () => (await fetch(`${coordinator.url}/health/ready`)).ok);
    return coordinator;
  }

  async post(body: object): Promise<TaskView> {
    const response = await this.send(body);
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    return taskView.parse(await response.json());
  }

  send(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.request('POST', '/tasks', body, headers);
  }

  /** Any request, with a JSON body where one is given. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    if (body === undefined) return fetch(`${this.url}${path}`, { method, headers });
    return fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async read(id: string): Promise<TaskView> {
    const response = await fetch(`${this.url}/tasks/${id}`);
    return taskView.parse(await response.json());
  }

  /** Waits until the task has ended. */
  finished(id: string, timeoutMs = 20_000): Promise<TaskView> {
    return eventually(
      async () => {
        const task = await this.read(id);
        return task.finishedAt === null ? undefined : task;
      },
      { timeoutMs, intervalMs: 100, what: `task ${id} to end` },
    );
  }

  /** The task's events, to its end. */
  async events(id: string, lastEventId?: string): Promise<EventSourceMessage[]> {
    return (await this.openEvents(id, lastEventId)).messages;
  }

  /** Resolves once the stream is open; `messages` once it has ended. */
  async openEvents(
    id: string,
    lastEventId?: string,
  ): Promise<{ readonly messages: Promise<EventSourceMessage[]> }> {
    const response = await fetch(`${this.url}/tasks/${id}/events`, {
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
      signal: AbortSignal.timeout(30_000),
    });
    return { messages: collect(response) };
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

async function collect(response: Response): Promise<EventSourceMessage[]> {
  const messages: EventSourceMessage[] = [];
  const stream = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const message of stream ?? []) messages.push(message);
  return messages;
}
