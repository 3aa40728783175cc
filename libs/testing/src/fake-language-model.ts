import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { startHttpServer } from './http-server';

/** What the fake does with one request. */
export type FakeReply =
  /** A whole reply; streamed word by word where a stream is asked for. */
  | { readonly text: string }
  /** A stream of these pieces, and how it goes on after the last. */
  | { readonly pieces: readonly string[]; readonly then: 'end' | 'break' | 'stall' | 'garbage' }
  /** Any other response. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | 'silence';

/** A request that came in. */
export interface FakeRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An OpenAI-compatible endpoint in this process: chat completions and embeddings. */
export interface FakeLanguageModel {
  /** For LLM_BASE_URL. */
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  /** Replies to the requests to come, in order; where none is left it answers 500. */
  readonly replies: FakeReply[];
  close(): Promise<void>;
}

/**
 * Starts a fake endpoint. Its vectors count letters: texts with the same letters lie near each other.
 */
export async function startFakeLanguageModel(
  ...replies: readonly FakeReply[]
): Promise<FakeLanguageModel> {
  const requests: FakeRequest[] = [];
  const pending = [...replies];
  const server = await startHttpServer(async (request, response) => {
    const body = Object.fromEntries(Object.entries(Object(await json(request))));
    const path = request.url ?? '';
    requests.push({ path, authorization: request.headers.authorization, body });
    if (path === '/v1/embeddings' && pending.length === 0) return embed(response, body['input']);
    const reply = pending.shift() ?? { status: 500 };
    if (reply === 'silence') return;
    if ('status' in reply) {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body ?? JSON.stringify({ error: { message: 'It is as it is' } }));
    } else if ('pieces' in reply) {
      stream(response, reply.pieces, reply.then);
    } else if (body['stream'] === true) {
      stream(response, reply.text.split(/(?<=\s)/), 'end');
    } else {
      sendJson(response, { choices: [{ message: { role: 'assistant', content: reply.text } }] });
    }
  });
  return { url: `${server.url}/v1`, requests, replies: pending, close: server.close };
}

function embed(response: ServerResponse, input: unknown): void {
  const texts = Array.isArray(input) ? input.map(String) : [String(input)];
  const data = texts.map((text, index) => ({ index, embedding: lettersOf(text) }));
  // An endpoint may answer in any order.
  sendJson(response, { data: data.reverse() });
}

function lettersOf(text: string): number[] {
  const counts = Array.from({ length: 26 }, () => 0);
  for (const letter of text.toLowerCase()) {
    const place = letter.charCodeAt(0) - 97;
    if (place in counts) counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

function stream(
  response: ServerResponse,
  pieces: readonly string[],
  then: 'end' | 'break' | 'stall' | 'garbage',
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish_reason: string | null) =>
    response.write(
      `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
    );
  for (const content of pieces) send({ content }, null);
  if (then === 'stall') return;
  if (then === 'break') return void response.end();
  if (then === 'garbage') return void response.end('data: {"choices": [\n\n');
  send({}, 'stop');
  response.end('data: [DONE]\n\n');
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
