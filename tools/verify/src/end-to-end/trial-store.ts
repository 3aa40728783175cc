import type { RedisTasks } from '@askflash/redis-tasks';
import { TaskHistory, selectStageLogs, writeTransitions } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import { StateMismatchError } from '../errors';
import { VERIFY_USER, toChange, toRow, toView, type TrialStep } from './trial-record';

/** Age past which a task that a killed verify left behind is deleted, in minutes. */
const LEFTOVER_MINUTES = 10;

/** Both homes of a task: its rows in PostgreSQL, and its live view in Redis. */
export class TrialStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly redisTasks: RedisTasks,
  ) {}

  async create({ record, events }: TrialStep): Promise<void> {
    const writes = { created: [toRow(record)], events: toLogs(events) };
    const { created } = await writeTransitions(this.dataSource, writes);
    expectEqual('PostgreSQL', '1 row', `${created.size} row`);
    expectEqual('Redis', 'created', await this.redisTasks.create(toView(record), events));
  }

  async save({ record, events }: TrialStep): Promise<void> {
    const change = { ...toChange(record), fromSeq: record.state.seq - events.length };
    const writes = { changes: [change], events: toLogs(events) };
    const { changed } = await writeTransitions(this.dataSource, writes);
    expectEqual('PostgreSQL', '1 row', `${changed.size} row`);
    expectEqual('Redis', 'applied', await this.redisTasks.transition(toView(record), events));
  }

  /** @throws {StateMismatchError} where a store does not say that the task is complete */
  async assertComplete({ record }: Pick<TrialStep, 'record'>): Promise<void> {
    const { manager } = this.dataSource;
    const row = await manager.findOneBy(TaskHistory, { id: record.id });
    const logs = await selectStageLogs(manager, { taskId: record.id });
    const live = await this.redisTasks.read(record.id);
    const { seq } = record.state;
    expectEqual(
      'PostgreSQL',
      `complete at ${seq}`,
      row ? `${row.status} at ${row.eventSeq}` : 'nothing',
    );
    expectEqual('PostgreSQL', `${seq} events`, `${logs.length} events`);
    expectEqual(
      'Redis',
      `complete at ${seq}`,
      live.found ? `${live.view.status} at ${live.view.seq}` : 'nothing',
    );
  }

  /** Takes a task out of both; its events go with its row. */
  async remove(taskId: string): Promise<void> {
    await this.dataSource.manager.delete(TaskHistory, { id: taskId });
    await this.redisTasks.remove(taskId);
  }

  /** Deletes what a verify that was killed left in PostgreSQL; Redis forgets by itself. */
  async removeLeftovers(): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .delete()
      .from(TaskHistory)
      .where('user_id = :user', { user: VERIFY_USER })
      .andWhere(`created_at < now() - interval '${LEFTOVER_MINUTES} minutes'`)
      .execute();
  }
}

function toLogs(events: TrialStep['events']) {
  return events.map((event) => ({ ...event, at: new Date(event.at) }));
}

function expectEqual(store: 'PostgreSQL' | 'Redis', expected: string, found: string): void {
  if (expected !== found) throw new StateMismatchError(store, expected, found);
}
