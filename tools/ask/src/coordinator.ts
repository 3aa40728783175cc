import { certificateProblem } from '@askflash/config';
import {
  ID,
  TASK_EVENT_TYPES,
  progressEvent,
  taskEvent,
  taskView,
  type ProgressEvent,
  type TaskEvent,
  type TaskView,
} from '@askflash/contracts';
import { z } from 'zod';
import {
  CoordinatorAnswerUnreadableError,
  CoordinatorRefusedError,
  CoordinatorUnreachableError,
} from './errors';
import { readEventStream, type EventStreamOptions } from './event-stream';

/** What a task is made of. */
export interface NewTask {
  readonly query: string;
  readonly userId: string;
  readonly template: string;
}

/** How the coordinator is spoken to. */
export interface CoordinatorOptions extends Pick<EventStreamOptions, 'patienceMs' | 'silenceMs'> {
  /** Sent to a coordinator that asks for one. */
  readonly apiKey?: string | undefined;
}

const accepted = z.object({ id: ID });
const anyEvent = z.union([taskEvent, progressEvent]);
const KNOWN_EVENTS: ReadonlySet<string> = new Set([...TASK_EVENT_TYPES, 'progress', 'token']);
const problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Client of the coordinator's HTTP API. Every call throws {@link CoordinatorUnreachableError},
 * {@link CoordinatorRefusedError} or {@link CoordinatorAnswerUnreadableError} where it fails, and
 * the signal's reason where that aborts.
 */
export class Coordinator {
  private readonly baseUrl: string;
  private readonly streaming: Omit<CoordinatorOptions, 'apiKey'>;
  private readonly authorization: Readonly<Record<string, string>>;

  constructor(
    url: string,
    private readonly signal: AbortSignal,
    { apiKey, ...streaming }: CoordinatorOptions = {},
  ) {
    this.streaming = streaming;
    this.authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.baseUrl = url.replace(/\/*$/, '/');
  }

  /** Where a task can be looked at. */
  taskUrl(id: string): string {
    return `${this.baseUrl}tasks/${id}`;
  }

  /** Hands a task in and returns its id; it is stored for good then. */
  async createTask(task: NewTask): Promise<string> {
    const response = await this.request(`${this.baseUrl}tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(task),
    });
    return (await this.read(response, accepted)).id;
  }

  /** A task as it stands. */
  async task(id: string): Promise<TaskView> {
    return this.read(await this.request(this.taskUrl(id)), taskView);
  }

  /** Aborts a task; whoever works on it is told to stop. One that has ended already is left as it is. */
  async abort(id: string, reason: string): Promise<void> {
    const response = await fetch(`${this.taskUrl(id)}/abort`, {
      method: 'POST',
      headers: { ...this.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ reason }),
    });
    if (!response.ok && response.status !== 409) {
      throw new CoordinatorRefusedError(response.status, await refusalOf(response));
    }
  }

  /**
   * What happens to a task, from its beginning; leave the loop at `task.finished`. Events of a type
   * that is not known yet are left out.
   */
  async *events(id: string): AsyncGenerator<TaskEvent | ProgressEvent> {
    const messages = readEventStream({
      ...this.streaming,
      signal: this.signal,
      isPassing: (error) => !(error instanceof CoordinatorRefusedError) || error.status >= 500,
      open: (lastEventId, signal) =>
        this.request(`${this.taskUrl(id)}/events`, {
          headers: {
            accept: 'text/event-stream',
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
          signal,
        }),
    });
    try {
      for await (const { event = '', data } of messages) {
        if (KNOWN_EVENTS.has(event)) yield parse(data, anyEvent);
      }
    } catch (error) {
      throw this.explain(error);
    }
  }

  private async request(
    url: string,
    { headers, ...init }: RequestInit & { headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    const response = await fetch(url, {
      signal: this.signal,
      headers: { ...this.authorization, ...headers },
      ...init,
    }).catch((error: unknown) => {
      throw this.explain(error);
    });
    if (response.ok) return response;
    throw new CoordinatorRefusedError(response.status, await refusalOf(response));
  }

  private async read<Schema extends z.ZodType>(
    response: Response,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const text = await response.text().catch((error: unknown) => {
      throw this.explain(error);
    });
    return parse(text, schema);
  }

  /** What failed below HTTP is told as the coordinator being out of reach. */
  private explain(error: unknown): unknown {
    if (this.signal.aborted) return this.signal.reason;
    if (
      error instanceof CoordinatorUnreachableError ||
      error instanceof CoordinatorRefusedError ||
      error instanceof CoordinatorAnswerUnreadableError
    ) {
      return error;
    }
    const { origin } = new URL(this.baseUrl);
    const cause = error instanceof TypeError ? (error.cause ?? error) : error;
    const problem = certificateProblem(cause);
    return new CoordinatorUnreachableError(
      problem === undefined
        ? `No coordinator answers at ${origin}`
        : `The coordinator at ${origin} cannot be trusted: ${problem}`,
      { cause },
    );
  }
}

function parse<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CoordinatorAnswerUnreadableError('The coordinator’s answer cannot be read', {
      cause,
    });
  }
}

async function refusalOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const parsed = problem.safeParse(body);
  if (!parsed.success) return `The coordinator answered ${response.status}`;
  const { title, detail, fields } = parsed.data;
  const wrong = Object.entries(fields ?? {}).map(([field, what]) => `${field}: ${String(what)}`);
  return [detail ?? title, ...(response.status === 400 ? wrong : [])].join('; ');
}
