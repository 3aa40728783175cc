import { eventually } from '@askflash/testing';
import type { FigureSpec, Measurement } from '../../benchmark';
import { percentile } from '../../statistics';
import { WorkUndoneError } from '../../systems/errors';
import { repeatAt, repeatFor } from '../load';
import { QUEUES, type MeasuredQueue } from './queues';

/** Messages under way at once to each queue. */
const WIDTH = 50;
const PACE_PER_SECOND = 500;
const PATIENCE_MS = 60_000;

/** What may be measured: messages go in confirmed, and come out at a handler that acknowledges. */
export interface BrokerClient {
  /** Publishes one message of the queue; resolves when it is confirmed, and gives its task's id. */
  publish(queue: MeasuredQueue): Promise<string>;
  /** What to call at each message handled, with its task's id. */
  onHandled: (taskId: string) => void;
}

export const BROKER_FIGURES = [
  { name: 'messages/s', unit: '/s', better: 'higher' },
  { name: 'slowest queue', unit: '/s', better: 'higher' },
  { name: 'publish→handler p50', unit: 'ms', better: 'lower' },
  { name: 'publish→handler p99', unit: 'ms', better: 'lower' },
] as const satisfies readonly FigureSpec[];

/** How long each part takes, in milliseconds. */
const PARTS = {
  warmUp: { ratesMs: 1500, latencyMs: 500 },
  quick: { ratesMs: 1500, latencyMs: 1500 },
  full: { ratesMs: 5000, latencyMs: 10_000 },
} as const;

/** All six queues at once as fast as it goes, then latency at a steady pace. */
export async function measureBroker(
  client: BrokerClient,
  form: keyof typeof PARTS,
): Promise<Measurement> {
  const rates = await measureRates(client, PARTS[form].ratesMs);
  const latencies = await measureLatency(client, PARTS[form].latencyMs);
  return {
    'messages/s': rates.reduce((sum, rate) => sum + rate, 0),
    'slowest queue': Math.min(...rates),
    'publish→handler p50': percentile(latencies, 50),
    'publish→handler p99': percentile(latencies, 99),
  };
}

/** Messages a second of each queue, until the last is confirmed and handled. */
async function measureRates(client: BrokerClient, forMs: number): Promise<number[]> {
  let handled = 0;
  client.onHandled = () => (handled += 1);
  const startedAt = performance.now();
  const loads = await Promise.all(
    QUEUES.map((queue) => repeatFor(forMs, WIDTH, () => client.publish(queue))),
  );
  const published = loads.reduce((sum, { count }) => sum + count, 0);
  await untilHandled(() => handled, published);
  const seconds = (performance.now() - startedAt) / 1000;
  return loads.map(({ count }) => count / seconds);
}

async function measureLatency(client: BrokerClient, forMs: number): Promise<number[]> {
  const [queue] = QUEUES;
  if (!queue) return [];
  const latencies: number[] = [];
  const sentAt = new Map<string, number>();
  const handledAt = new Map<string, number>();
  client.onHandled = (taskId) => handledAt.set(taskId, performance.now());
  await repeatAt(PACE_PER_SECOND, forMs, async () => {
    const now = performance.now();
    sentAt.set(await client.publish(queue), now);
  });
  await untilHandled(() => handledAt.size, sentAt.size);
  for (const [taskId, at] of sentAt) latencies.push((handledAt.get(taskId) ?? NaN) - at);
  return latencies;
}

async function untilHandled(handled: () => number, published: number): Promise<void> {
  await eventually(() => handled() >= published, { timeoutMs: PATIENCE_MS, intervalMs: 1 });
  if (handled() > published) {
    throw new WorkUndoneError(`${published} were published and ${handled()} handled`);
  }
}
