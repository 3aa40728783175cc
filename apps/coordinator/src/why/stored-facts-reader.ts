import { queueOfStage, stageRequested } from '@askflash/contracts';
import { AgentHealth, TaskOutbox } from '@askflash/typeorm-entities';
import { In, type DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { TaskReader } from '../engine/task-reader';
import type { TaskRecord } from '../engine/task-record';
import type { Instance } from './dto';
import type { StoredFacts, UnconfirmedMessage } from './facts';

/** The most instances of a stage's agent that are looked at. */
const MAX_INSTANCE_COUNT = 200;

const clock = z.tuple([z.object({ now: z.date() })]);

/** Reads all that PostgreSQL knows of why a task waits, as of one moment. */
export class StoredFactsReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: TaskReader,
  ) {}

  /** Undefined where there is no such task. */
  read(taskId: string): Promise<StoredFacts | undefined> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const task = await this.reader.record(taskId, manager);
      if (task === undefined) return undefined;
      const events = await this.reader.events(taskId, 0, manager);
      const messages = await manager.findBy(TaskOutbox, { taskId });
      const [{ now: at }] = clock.parse(await manager.query('SELECT clock_timestamp() AS now'));
      const instances = await instancesOf(manager, requestedQueues(task), at);
      return { at, task, events, unconfirmed: messages.map(toUnconfirmed), instances };
    });
  }
}

/** Queues of the stages that are requested. */
export function requestedQueues({ state }: TaskRecord): string[] {
  const requested = Object.entries(state.stages).filter(([, { status }]) => status === 'requested');
  return [...new Set(requested.flatMap(([name]) => queueOfStage(name) ?? []))];
}

async function instancesOf(
  manager: EntityManager,
  queues: readonly string[],
  at: Date,
): Promise<Map<string, Instance[]>> {
  if (queues.length === 0) return new Map();
  const rows = await manager.find(AgentHealth, {
    where: { queue: In([...queues]) },
    order: { lastSeenAt: 'DESC' },
    take: MAX_INSTANCE_COUNT,
  });
  return new Map(
    queues.map((queue) => [
      queue,
      rows.filter((row) => row.queue === queue).map((row) => toInstance(row, at)),
    ]),
  );
}

function toInstance(
  { instanceId, agent, status, statusReason, inFlight, lastSeenAt }: AgentHealth,
  at: Date,
): Instance {
  const seenAgoMs = Math.max(0, at.getTime() - lastSeenAt.getTime());
  return { instanceId, agent, status, reason: statusReason, inFlight, seenAgoMs };
}

function toUnconfirmed({
  payload,
  createdAt,
  nextAttemptAt,
  attempts,
}: TaskOutbox): UnconfirmedMessage {
  const request = stageRequested.pick({ stage: true, attempt: true }).strip().safeParse(payload);
  return { request: request.data, createdAt, nextAttemptAt, attempts };
}
