import { Registry } from 'prom-client';
import { acknowledge, deadLetter, retryLater } from '../consumer/decision';
import { PublishUnknownError, PublisherBlockedError } from '../errors';
import { MessagingMetrics } from './messaging-metrics';

describe('MessagingMetrics', () => {
  it('counts publishes by what became of them', async () => {
    const registry = new Registry();
    const metrics = new MessagingMetrics(registry);
    metrics.countPublished();
    metrics.countPublished(new PublisherBlockedError('short of memory'));
    metrics.countPublished(
      new PublishUnknownError('lost', { exchange: '', routingKey: 'q', messageId: 'm' }),
    );
    metrics.countPublished(new Error('not encodable'));
    expect(await linesOf(registry, 'messaging_published_total')).toEqual([
      'messaging_published_total{outcome="confirmed"} 1',
      'messaging_published_total{outcome="blocked"} 1',
      'messaging_published_total{outcome="unknown"} 1',
      'messaging_published_total{outcome="invalid"} 1',
    ]);
  });

  it('counts what was decided about messages', async () => {
    const registry = new Registry();
    const metrics = new MessagingMetrics(registry);
    for (const decision of [acknowledge(), retryLater(5), deadLetter('bad')]) {
      metrics.countConsumed('q', decision);
    }
    expect(await linesOf(registry, 'messaging_consumed_total')).toEqual([
      'messaging_consumed_total{queue="q",decision="acknowledged"} 1',
      'messaging_consumed_total{queue="q",decision="retried"} 1',
      'messaging_consumed_total{queue="q",decision="dead_lettered"} 1',
    ]);
  });

  it('reads the rest when it is asked, and forgets queues that are consumed no more', async () => {
    const registry = new Registry();
    let queues = [{ queue: 'a', inFlight: 2 }];
    new MessagingMetrics(registry).observe({
      outstanding: () => 7,
      blocked: () => true,
      connected: () => ({ publish: true, consume: false }),
      inFlight: () => queues,
    });
    expect(await linesOf(registry, 'messaging_')).toEqual(
      expect.arrayContaining([
        'messaging_confirms_outstanding 7',
        'messaging_blocked 1',
        'messaging_connected{connection="publish"} 1',
        'messaging_connected{connection="consume"} 0',
        'messaging_in_flight{queue="a"} 2',
      ]),
    );
    queues = [];
    expect(await linesOf(registry, 'messaging_in_flight')).toEqual([]);
  });
});

async function linesOf(registry: Registry, name: string): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}
