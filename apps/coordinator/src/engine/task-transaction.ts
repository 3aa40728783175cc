import { newId } from '@askflash/config';
import type { TaskEvent } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import {
  TaskHistory,
  deleteMessages,
  insertAgentPerformance,
  insertMessages,
  insertStageLogs,
  insertTasks,
  lockTasks,
  selectTaskByIdempotencyKey,
  updateTasks,
} from '@askflash/typeorm-entities';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { EngineEvent } from './engine-event';
import { toChange, toNewRow, toRecord } from './task-rows';
import type { TaskRecord } from './task-record';
import type { TemplateStore } from './template-store';
import type { Advance, OutboxMessage } from './advance';

/** How long whoever wrote a message has to send it before the poller takes it over. */
const OUTBOX_LEASE_MS = 10_000;

/** A result that an agent reported, and that moved its task. */
export type AppliedReport = Extract<EngineEvent, { type: 'stage.completed' | 'stage.failed' }> &
  Pick<Advance, 'queueWaitMs'>;

const clock = z.tuple([z.object({ now: z.date() })]);

/**
 * What a batch reads and writes inside its transaction: a statement each, however many tasks there
 * are.
 */
export class TaskTransaction {
  private readonly latest = new Map<string, Promise<TaskTemplate>>();

  constructor(
    private readonly manager: EntityManager,
    private readonly templates: TemplateStore,
  ) {}

  /** The database's clock. */
  async now(): Promise<Date> {
    const [{ now }] = clock.parse(await this.manager.query('SELECT clock_timestamp() AS now'));
    return now;
  }

  /** Locks tasks; those that do not exist are left out. */
  async lockTasks(ids: readonly string[]): Promise<Map<string, TaskRecord>> {
    const tasks = new Map<string, TaskRecord>();
    if (ids.length === 0) return tasks;
    for (const row of await lockTasks(this.manager, ids)) {
      tasks.set(row.id, await this.toRecord(row));
    }
    return tasks;
  }

  /**
   * The version that new tasks take; the same for the whole transaction.
   *
   * @throws {TaskTemplateUnknownError}
   */
  latestTemplate(name: string): Promise<TaskTemplate> {
    const latest = this.latest.get(name) ?? this.templates.latest(this.manager, name);
    this.latest.set(name, latest);
    return latest;
  }

  /** The task that stands in the way of a new one, having its id or its idempotency key. */
  async existing({ id, userId, idempotencyKey }: TaskRecord): Promise<TaskRecord | undefined> {
    const row =
      idempotencyKey === null
        ? await this.manager.findOneBy(TaskHistory, { id })
        : await selectTaskByIdempotencyKey(this.manager, userId, idempotencyKey);
    return row ? this.toRecord(row) : undefined;
  }

  /** Returns the ids of those that were not there already. */
  insertTasks(tasks: readonly TaskRecord[]): Promise<Set<string>> {
    return insertTasks(this.manager, tasks.map(toNewRow));
  }

  /** Returns when each was updated. */
  updateTasks(tasks: readonly TaskRecord[]): Promise<Map<string, Date>> {
    return updateTasks(this.manager, tasks.map(toChange));
  }

  insertEvents(events: readonly TaskEvent[]): Promise<void> {
    return insertStageLogs(
      this.manager,
      events.map((event) => ({ ...event, at: new Date(event.at) })),
    );
  }

  insertPerformance(reports: readonly AppliedReport[]): Promise<void> {
    return insertAgentPerformance(this.manager, reports.map(toPerformance));
  }

  insertMessages(messages: readonly OutboxMessage[]): Promise<void> {
    const rows = messages.map(({ id, contract, payload, traceparent }) => ({
      id,
      taskId: payload.taskId,
      type: contract.type,
      payload,
      traceparent,
    }));
    return insertMessages(this.manager, rows, OUTBOX_LEASE_MS);
  }

  /** Forgets messages that the broker has confirmed. */
  deleteMessages(ids: readonly string[]): Promise<void> {
    return deleteMessages(this.manager, ids);
  }

  private async toRecord(row: TaskHistory): Promise<TaskRecord> {
    const { templateName, templateVersion } = row;
    return toRecord(row, await this.templates.version(this.manager, templateName, templateVersion));
  }
}

function toPerformance({ type, report, queueWaitMs }: AppliedReport) {
  const { taskId, stage, attempt, agent, instanceId, durationMs } = report;
  return {
    id: newId(),
    taskId,
    stage,
    attempt,
    agent,
    instanceId,
    durationMs,
    queueWaitMs: queueWaitMs ?? null,
    outcome: type === 'stage.completed' ? ('completed' as const) : ('failed' as const),
    errorCode: 'error' in report ? report.error.code : null,
  };
}
