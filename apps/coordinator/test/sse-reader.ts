import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** A client of one task's event stream, which comes back where it was when the stream breaks. */
export class SseReader {
  /** Everything it was sent, in order. */
  readonly messages: EventSourceMessage[] = [];
  connectionCount = 0;
  private response: IncomingMessage | undefined;

  constructor(private readonly url: string) {}

  /** Ids of durable events. */
  get durableIds(): (string | undefined)[] {
    return this.messages.map(({ id }) => id).filter((id) => id?.endsWith('-0'));
  }

  get hasEnded(): boolean {
    return this.messages.at(-1)?.event === 'task.finished';
  }

  /** Reads to the task's end, leaving and coming back after each of the counts of messages given. */
  async read(leaveAfter: readonly number[] = []): Promise<void> {
    const counts = [...leaveAfter];
    while (!this.hasEnded) await this.readOnce(counts.shift() ?? Infinity);
  }

  /** Opens the stream, and does not read it until `read` is called on what it gives. */
  async open(): Promise<IncomingMessage> {
    this.connectionCount += 1;
    const id = this.messages.at(-1)?.id;
    const headers = id === undefined ? {} : { 'last-event-id': id };
    const request = get(this.url, { headers, agent: false });
    const [response]: IncomingMessage[] = await once(request, 'response');
    if (response?.statusCode !== 200 && response?.statusCode !== 204) {
      throw new Error(`${this.url} answered ${response?.statusCode} after ${id}`);
    }
    this.response = response;
    return response;
  }

  /** Reads an open stream until it ends, or so many messages have come. */
  async consume(response: IncomingMessage, limit = Infinity): Promise<void> {
    let left = limit;
    const parser = createParser({
      onEvent: (message) => {
        if (left > 0) this.messages.push(message);
        left -= 1;
      },
    });
    try {
      for await (const chunk of response.setEncoding('utf8')) {
        parser.feed(chunk);
        if (left <= 0) break;
      }
    } catch {
      // Cut off: it comes back.
    }
  }

  close(): void {
    this.response?.destroy();
  }

  private async readOnce(limit: number): Promise<void> {
    await this.consume(await this.open(), limit);
  }
}
