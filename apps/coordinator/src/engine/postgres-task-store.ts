import { newId } from '@askflash/config';
import { isTerminal } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import {
  TaskHistory,
  deleteMessages,
  selectTaskByIdempotencyKey,
  selectTasksById,
  writeTransitions,
} from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { OutboxMessage } from './advance';
import { DatabaseClock } from './database-clock';
import { TaskMemory } from './task-memory';
import type { TaskRecord } from './task-record';
import { toChange, toNewRow, toRecord } from './task-rows';
import type { AppliedReport, BatchWrites, BatchWritten, TaskStore } from './task-store';
import type { TemplateStore } from './template-store';

/** How long whoever wrote a message has to send it before the poller takes it over. */
const OUTBOX_LEASE_MS = 10_000;

const clock = z.tuple([z.object({ now: z.date() })]);

const NOTHING_WRITTEN: BatchWritten = { created: new Set(), changed: new Map() };

/** Tasks in PostgreSQL, which this process remembers what it wrote of. */
export class PostgresTaskStore implements TaskStore {
  private readonly clock = new DatabaseClock();
  private readonly memory = new TaskMemory();

  constructor(
    private readonly dataSource: DataSource,
    private readonly templates: TemplateStore,
  ) {}

  async now(): Promise<Date> {
    const known = this.clock.now;
    if (known) return known;
    const [{ now }] = clock.parse(await this.dataSource.query('SELECT clock_timestamp() AS now'));
    this.clock.observe(now);
    return now;
  }

  recall(ids: readonly string[]): ReadonlyMap<string, TaskRecord> {
    return new Map(
      ids.flatMap((id) => {
        const task = this.memory.get(id);
        return task ? [[id, task]] : [];
      }),
    );
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, TaskRecord>> {
    if (ids.length === 0) return new Map();
    const rows = await selectTasksById(this.dataSource.manager, ids);
    const tasks = await Promise.all(rows.map((row) => this.toRecord(row)));
    return new Map(tasks.map((task) => [task.id, task]));
  }

  latestTemplate(name: string): Promise<TaskTemplate> {
    return this.templates.latest(this.dataSource, name);
  }

  async existing({ id, userId, idempotencyKey }: TaskRecord): Promise<TaskRecord | undefined> {
    const { manager } = this.dataSource;
    const row =
      idempotencyKey === null
        ? await manager.findOneBy(TaskHistory, { id })
        : await selectTaskByIdempotencyKey(manager, userId, idempotencyKey);
    return row ? this.toRecord(row) : undefined;
  }

  async write(writes: BatchWrites): Promise<BatchWritten> {
    const { created, changed, events, reports, messages, confirmed } = writes;
    const tasks = [...created, ...changed.map(({ to }) => to)];
    if (tasks.length + confirmed.length === 0) return NOTHING_WRITTEN;
    // Until it is known what was written, nothing is.
    for (const { id } of tasks) this.memory.forget(id);
    const written = await writeTransitions(this.dataSource, {
      created: created.map(toNewRow),
      changes: changed.map(({ from, to }) => ({ ...toChange(to), fromSeq: from.state.seq })),
      events: events.map((event) => ({ ...event, at: new Date(event.at) })),
      attempts: reports.map(toAttempt),
      messages: messages.map(toOutboxRow),
      leaseMs: OUTBOX_LEASE_MS,
      confirmed,
    });
    this.clock.observe(written.now);
    // What is stored in another form than it was given has to be read back.
    if (written.isVerbatim) {
      for (const task of tasks) this.remember(task, written, written.bytes / tasks.length);
    }
    return written;
  }

  deleteMessages(ids: readonly string[]): Promise<void> {
    return deleteMessages(this.dataSource.manager, ids);
  }

  private remember(task: TaskRecord, { created, changed }: BatchWritten, bytes: number): void {
    if (isTerminal(task.state.status)) return;
    const updatedAt = changed.get(task.id) ?? (created.has(task.id) ? task.updatedAt : undefined);
    if (updatedAt) this.memory.keep({ ...task, updatedAt }, bytes);
  }

  private async toRecord(row: TaskHistory): Promise<TaskRecord> {
    const { templateName, templateVersion } = row;
    const { manager } = this.dataSource;
    return toRecord(row, await this.templates.version(manager, templateName, templateVersion));
  }
}

function toOutboxRow({ id, contract, payload, traceparent }: OutboxMessage) {
  return { id, taskId: payload.taskId, type: contract.type, payload, traceparent };
}

function toAttempt({ type, report, queueWaitMs }: AppliedReport) {
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
