import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { newId } from '@askflash/config';
import { startHttpServer, type TestHttpServer } from '@askflash/testing';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Webhook } from 'standardwebhooks';
import { WebhookClient } from './webhook-client';
import { WebhookDelivery } from './webhook-delivery';
import { toWebhookMessage, type NotifiedCondition } from './webhook-event';
import { WebhookMetrics } from './webhook-metrics';

const SECRET = Buffer.alloc(24, 7).toString('base64');
const CONDITION: NotifiedCondition = {
  id: newId(),
  name: 'queue_stuck',
  subject: 'executor.task',
  severity: 'critical',
  summary: 'It grows',
  value: 12,
  threshold: null,
  openedAt: new Date('2026-01-01T00:00:00Z'),
  closedAt: new Date('2026-01-01T00:05:00Z'),
};
const MESSAGE = toWebhookMessage(CONDITION, 'opened', 'http://monitor.test');

describe('WebhookClient', () => {
  let server: TestHttpServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const send = async (
    answer: (response: ServerResponse, request: IncomingMessage, body: string) => unknown,
    urlOf = (url: string) => `${url}/hooks/t0ken`,
  ) => {
    server = await startHttpServer(async (request, response) =>
      answer(response, request, await text(request)),
    );
    const target = { url: urlOf(server.url), secret: SECRET };
    return new WebhookClient(target, { timeoutMs: 200 }).send(MESSAGE);
  };

  it('signs what it sends', async () => {
    const outcome = await send((response, { headers }, body) => {
      const payload = new Webhook(SECRET).verify(body, {
        'webhook-id': String(headers['webhook-id']),
        'webhook-timestamp': String(headers['webhook-timestamp']),
        'webhook-signature': String(headers['webhook-signature']),
      });
      expect(payload).toMatchObject({ type: 'condition.opened', data: { closedAt: null } });
      response.end('thank you');
    });
    expect(outcome).toEqual({ result: 'delivered' });
  });

  it.each([
    [301, 'failed'],
    [307, 'failed'],
    [400, 'failed'],
    [410, 'gone'],
    [500, 'failed'],
  ])('has an answer of %i as %s', async (status, result) => {
    const outcome = await send((response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect(outcome).toEqual({ result, reason: `it answers ${status}` });
  });

  it('does not wait for ever, nor for the end of an answer', async () => {
    expect(await send(() => undefined)).toEqual({
      result: 'failed',
      reason: 'no answer: TimeoutError',
    });
    await server?.close();
    expect(await send((response) => response.write('and so on'))).toEqual({ result: 'delivered' });
  });

  it('brings credentials of the URL along', async () => {
    const outcome = await send(
      (response, { headers: { authorization } }) => {
        expect(authorization).toBe(`Basic ${btoa('ada:s3cret')}`);
        response.end();
      },
      (url) => url.replace('://', '://ada:s3cret@'),
    );
    expect(outcome.result).toBe('delivered');
  });
});

describe('WebhookDelivery', () => {
  it('logs and counts what fails, and never the URL', async () => {
    const lines: unknown[] = [];
    const log = (...line: unknown[]) => lines.push(line);
    Logger.overrideLogger({ log, warn: log, error: log });
    const registry = new Registry();
    const server = await startHttpServer(() => undefined);
    await server.close();
    const url = `${server.url.replace('://', '://ada:s3cret@')}/hooks/t0ken`;
    const client = new WebhookClient({ url, secret: SECRET }, { timeoutMs: 200 });
    const delivery = new WebhookDelivery(client, new WebhookMetrics(registry), 'http://m.test');
    expect(await delivery.tell(CONDITION, 'opened')).toBe(false);
    delivery.giveUp(CONDITION, 'opened', '33 attempts failed');
    const logged = JSON.stringify(lines);
    expect(logged).toContain('no answer: ECONNREFUSED');
    expect(logged).toContain('33 attempts failed');
    expect(logged).not.toMatch(/t0ken|s3cret|hooks|127\.0\.0\.1/);
    expect(await registry.metrics()).toMatch(/outcome="failed"} 1\n.*outcome="given_up"} 1\n/);
  });
});
