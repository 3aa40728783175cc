import { HttpException } from '@nestjs/common';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { problemOfStatus, toProblem } from './problem';

/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

/** How long a client may take to send the head of a request, counted from its connecting. */
export const HEADERS_TIMEOUT_MS = 10_000;
/** How long a client may take to send a whole request: 1 MiB at 52 kB/s. */
const REQUEST_TIMEOUT_MS = 20_000;
/** How often clients that take too long are looked for. */
const CHECK_INTERVAL_MS = 1_000;

/**
 * The most connections at a time; what comes on top is closed at once. Each costs some kilobytes
 * and a file descriptor, which the connections to the servers need too.
 */
export const MAX_CONNECTION_COUNT = 16_000;

/** How long answers that are under way may take once the service is told to stop. */
const CLOSE_TIMEOUT_MS = 5_000;

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** For Node's `http.createServer` or `https.createServer`: slow clients are not waited for. */
export const SLOW_CLIENT_LIMITS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
} as const;

/** For Fastify: what a client may send, and the answer where it sends something else than that. */
export const SERVER_LIMITS = {
  bodyLimit: BODY_LIMIT_BYTES,
  requestTimeout: REQUEST_TIMEOUT_MS,
  clientErrorHandler: answerWhatIsNoHttp,
  frameworkErrors: ({ message, statusCode = 400 }, _request, reply) => {
    const problem = toProblem(new HttpException(message, statusCode), {});
    reply.hijack();
    reply.raw.writeHead(problem.status, { 'content-type': PROBLEM_JSON });
    reply.raw.end(JSON.stringify(problem));
  },
} satisfies FastifyServerOptions;

/** Bounds how many connections a server holds. */
export function limitConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTION_COUNT;
}

/**
 * Bounds how long clients keep a server from closing. Node closes only those connections at once that
 * are idle, and takes one that has not asked anything yet, as browsers open them, for busy.
 */
export function limitClosing(instance: FastifyInstance): void {
  instance.addHook('preClose', (done) => {
    setTimeout(() => instance.server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref();
    done();
  });
}

const NO_HTTP: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large'],
};

/** Nest never sees what Node's parser refuses. */
function answerWhatIsNoHttp({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code !== 'ECONNRESET' && socket.writable) {
    const [status, detail] = NO_HTTP[code ?? ''] ?? [400, 'The request is not valid HTTP'];
    const problem = problemOfStatus(status, detail);
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${status} ${problem.title}\r\n` +
        `content-type: ${PROBLEM_JSON}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n` +
        `connection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
