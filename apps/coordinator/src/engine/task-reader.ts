import { taskEvent, type TaskEvent, type TaskView } from '@askflash/contracts';
import {
  TaskHistory,
  selectChangedTasks,
  selectDueTasks,
  selectStageLogs,
  selectTasks,
  type TaskFilter,
  type TaskSeq,
  type TaskSummary,
} from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import { toTaskView, type TaskRecord } from './task-record';
import { toRecord } from './task-rows';
import type { TemplateStore } from './template-store';

/** How many tasks are compared with Redis at a time: what results wait for meanwhile. */
const PAGE_COUNT = 50;

/** Reads the truth about tasks out of PostgreSQL. */
export class TaskReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly templates: TemplateStore,
  ) {}

  /** The task as the engine holds it; undefined where there is none. */
  async record(taskId: string, manager = this.dataSource.manager): Promise<TaskRecord | undefined> {
    const row = await manager.findOneBy(TaskHistory, { id: taskId });
    if (!row) return undefined;
    const { templateName, templateVersion } = row;
    const template = await this.templates.version(manager, templateName, templateVersion);
    return toRecord(row, template);
  }

  /** The task as clients see it; undefined where there is none. */
  async view(taskId: string): Promise<TaskView | undefined> {
    const task = await this.record(taskId);
    return task && toTaskView(task);
  }

  /** Tasks newest first, and whether there are more. */
  async list(filter: TaskFilter): Promise<{ tasks: TaskSummary[]; hasMore: boolean }> {
    const { limit } = filter;
    const found = await selectTasks(this.dataSource.manager, { ...filter, limit: limit + 1 });
    return { tasks: found.slice(0, limit), hasMore: found.length > limit };
  }

  /** The task's durable events after a number, in order. */
  async events(
    taskId: string,
    afterSeq = 0,
    manager = this.dataSource.manager,
  ): Promise<TaskEvent[]> {
    const logs = await selectStageLogs(manager, { taskId, afterSeq });
    return logs.map(({ at, ...log }) => taskEvent.parse({ ...log, at: at.toISOString() }));
  }

  /** View and events as of one moment: what a view is rebuilt from. */
  async snapshot(
    taskId: string,
  ): Promise<{ readonly view: TaskView; readonly events: readonly TaskEvent[] } | undefined> {
    const view = await this.view(taskId);
    if (!view) return undefined;
    const events = await this.events(taskId);
    // A transition may commit between the two reads; what is rebuilt is the state the view shows.
    return { view, events: events.filter(({ seq }) => seq <= view.seq) };
  }

  /** Tasks that have changed within some milliseconds, in pages. */
  changedWithin(withinMs: number): AsyncIterable<readonly TaskSeq[]> {
    return selectChangedTasks(this.dataSource.manager, { withinMs, limit: PAGE_COUNT });
  }

  /** Tasks whose time has come, the longest overdue first; those being changed are passed over. */
  due(limit: number): Promise<string[]> {
    return this.dataSource.transaction(async (manager) =>
      (await selectDueTasks(manager, { limit })).map(({ id }) => id),
    );
  }
}
