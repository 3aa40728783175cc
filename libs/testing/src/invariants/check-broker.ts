import { AGENTS, isTerminal, taskFinished } from '@askflash/contracts';
import { connect, type ChannelModel } from 'amqplib';
import { z } from 'zod';
import { eventually } from '../eventually';
import type { TestServers } from '../servers';
import type { TaskFacts } from './task-facts';
import type { Violation } from './violation';

const WORK_QUEUES = [...AGENTS.map(({ queue }) => queue), 'mcp.results'];

const queues = z.array(z.object({ name: z.string(), messages: z.number().default(0) }));

/** What is left in the queues: I6 for the dead letters, I7 for the others. */
export async function checkQueues(env: TestServers): Promise<Violation[]> {
  const left = async () =>
    (await readQueues(env)).filter(
      ({ name, messages }) =>
        messages > 0 && (name === 'mcp.dead_letter' || WORK_QUEUES.includes(name)),
    );
  // The management API is some seconds behind.
  await eventually(async () => (await left()).length === 0).catch(() => undefined);
  return (await left()).map(({ name, messages }) => ({
    invariant: name === 'mcp.dead_letter' ? 'I6' : 'I7',
    taskId: null,
    what: `${name} holds ${messages} messages`,
  }));
}

/** I7 and I3 of final responses: each task that ended has one that says so; a copy may come twice. */
export async function checkResponses(
  tasks: readonly TaskFacts[],
  env: TestServers,
): Promise<Violation[]> {
  const connection = await connect(env.RABBITMQ_URL);
  try {
    const statuses = await readResponses(connection);
    return tasks.flatMap(({ id, status }): Violation[] => {
      const told = statuses.get(id) ?? new Set();
      if (isTerminal(status) && told.size === 0) {
        return [{ invariant: 'I7', taskId: id, what: 'its final response was never sent' }];
      }
      const others = [...told].filter((other) => other !== status);
      if (others.length === 0) return [];
      return [{ invariant: 'I3', taskId: id, what: `${others.join()} was sent, it is ${status}` }];
    });
  } finally {
    await connection.close();
  }
}

/** I9 of the queues that are meant to be worked on. */
export async function checkConsumers(
  names: readonly string[],
  env: TestServers,
): Promise<Violation[]> {
  const connection = await connect(env.RABBITMQ_URL);
  try {
    const channel = await connection.createChannel();
    const found: Violation[] = [];
    for (const name of names) {
      const { consumerCount } = await channel.checkQueue(name);
      if (consumerCount > 0) continue;
      found.push({ invariant: 'I9', taskId: null, what: `nobody consumes ${name}` });
    }
    return found;
  } finally {
    await connection.close();
  }
}

/** Statuses told by task. The messages go back to their queue when the channel is closed. */
async function readResponses(connection: ChannelModel): Promise<Map<string, Set<string>>> {
  const statuses = new Map<string, Set<string>>();
  const channel = await connection.createChannel();
  for (;;) {
    const message = await channel.get('mcp.responses');
    if (!message) break;
    const { taskId, status } = taskFinished.parse(JSON.parse(message.content.toString()));
    statuses.set(taskId, (statuses.get(taskId) ?? new Set()).add(status));
  }
  await channel.close();
  return statuses;
}

async function readQueues({ RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL }: TestServers) {
  const vhost = new URL(RABBITMQ_URL).pathname.slice(1) || '%2F';
  const { origin, username, password } = new URL(RABBITMQ_MANAGEMENT_URL);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const response = await fetch(`${origin}/api/queues/${vhost}`, {
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
  });
  return queues.parse(await response.json());
}
