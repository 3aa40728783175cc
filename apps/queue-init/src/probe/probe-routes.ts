import { randomUUID } from 'node:crypto';
import type { Topology } from '@askflash/messaging';
import type { Broker } from '../broker';
import { RouteBrokenError } from '../errors';
import { ProbeChannel } from './probe-channel';
import { routesOf, type Route } from './routes';

/** What became of a route's probe. */
export interface RouteProbe {
  readonly route: string;
  readonly outcome:
    | 'answered by its consumer'
    | 'delivered to a queue whose consumers are busy'
    | 'delivered, and taken back: nobody consumes the queue'
    | 'refused by its queue, which is full'
    | 'broken'
    | `not probed: ${number} messages wait and nobody consumes the queue`;
}

/**
 * Sends a probe through every route. Consumers of ours acknowledge it without handling it; from an
 * empty queue that nobody consumes it is taken back; a queue where messages wait is not touched.
 *
 * @throws {RouteBrokenError} a probe came back
 */
export async function probeRoutes(
  { connection }: Broker,
  topology: Topology,
): Promise<RouteProbe[]> {
  const channel = await ProbeChannel.open(connection);
  try {
    // Probes of one queue go one after the other: to the second, the first would be a message.
    const routes = routesOf(topology);
    const probes = await Promise.all(
      topology.queues.map(({ name }) =>
        probeEach(
          channel,
          routes.filter(({ queue }) => queue === name),
        ),
      ),
    );
    const results = probes.flat();
    const broken = results.filter(({ outcome }) => outcome === 'broken');
    if (broken.length > 0) throw new RouteBrokenError(broken.map(({ route }) => route));
    return results;
  } finally {
    await channel.close();
  }
}

async function probeEach(channel: ProbeChannel, routes: readonly Route[]): Promise<RouteProbe[]> {
  const probes: RouteProbe[] = [];
  for (const route of routes) {
    probes.push({ route: route.name, outcome: await probe(channel, route) });
  }
  return probes;
}

async function probe(channel: ProbeChannel, route: Route): Promise<RouteProbe['outcome']> {
  const state = await channel.look(route.queue);
  if (state.use === 'waiting') {
    return `not probed: ${state.messages} messages wait and nobody consumes the queue`;
  }
  const id = randomUUID();
  const answer = state.use === 'consumed' ? channel.answerTo(id) : undefined;
  const fate = await channel.send(route.exchange, route.routingKey, id);
  if (fate === 'returned') return 'broken';
  if (fate === 'refused') return 'refused by its queue, which is full';
  if (await answer) return 'answered by its consumer';
  if (answer && (await channel.isConsumed(route.queue))) {
    return 'delivered to a queue whose consumers are busy';
  }
  await channel.takeBack(route.queue, id);
  return 'delivered, and taken back: nobody consumes the queue';
}
