import type { FastifyInstance, FastifyReply } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

/**
 * Measures how long requests take, by the pattern of their route. Streams that are written past Fastify
 * are left out: they last as long as their reader likes.
 */
export function measureRequests(fastify: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'http_requests_duration_seconds',
    help: 'Time from a request to the end of its answer, streams of events left out',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers: [registry],
  });
  const sent = new WeakSet<FastifyReply>();
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    sent.add(reply);
    done();
  });
  fastify.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
    if (sent.has(reply)) {
      const { elapsedTime, statusCode: status } = reply;
      seconds.observe(
        { method, route: routeOptions.url ?? 'unmatched', status },
        elapsedTime / 1000,
      );
    }
    done();
  });
}
