import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
  type Context,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isQuiet } from '../http/quiet-paths';

const tracer = trace.getTracer('@askflash/service-kit');

/**
 * Makes every request a span, which goes on with the trace of its client where it tells one. Paths that
 * are asked for all the time are left out.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceRequests(fastify: FastifyInstance): void {
  const contexts = new WeakMap<FastifyRequest, Context>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isQuiet(request.url)) contexts.set(request, begin(request, reply));
    done();
  });
  // Not before: reading the body leaves whatever context was entered.
  fastify.addHook('preValidation', (request, _reply, done) => {
    context.with(contexts.get(request) ?? ROOT_CONTEXT, done);
  });
}

function begin(request: FastifyRequest, reply: FastifyReply): Context {
  const { method } = request;
  const { url: route } = request.routeOptions;
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const span = tracer.startSpan(
    route === undefined ? method : `${method} ${route}`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': method,
        'url.path': request.url.split('?')[0],
        'url.scheme': request.protocol,
        ...(route === undefined ? {} : { 'http.route': route }),
      },
    },
    parent,
  );
  // A stream that its reader leaves is closed without ever being finished.
  reply.raw.once('close', () => {
    const { statusCode } = reply.raw;
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) {
      span.setAttribute('error.type', String(statusCode));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
  return trace.setSpan(parent, span);
}
