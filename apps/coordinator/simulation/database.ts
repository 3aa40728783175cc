import type {
  AgentPerformance,
  TaskDagTemplate,
  TaskHistory,
  TaskOutbox,
  TaskStageLog,
} from '@askflash/typeorm-entities';
import type { Operations, Process } from './operations';

/** What is committed. Rows are replaced, never changed. */
export class Tables {
  readonly templates = new Map<string, TaskDagTemplate>();
  readonly tasks = new Map<string, TaskHistory>();
  /** By task and number. */
  readonly logs = new Map<string, TaskStageLog>();
  /** By task, stage and attempt. */
  readonly performance = new Map<string, Omit<AgentPerformance, 'createdAt'>>();
  readonly outbox = new Map<string, TaskOutbox>();
}

/** PostgreSQL, as far as coordinators need it: read committed, with row locks. */
export class Database {
  readonly tables = new Tables();
  private readonly locks = new Map<string, Transaction>();

  constructor(readonly operations: Operations) {}

  isLockedFor(key: string, transaction: Transaction | undefined): boolean {
    const holder = this.locks.get(key);
    return holder !== undefined && holder !== transaction;
  }

  lock(key: string, transaction: Transaction): void {
    this.locks.set(key, transaction);
  }

  unlock(transaction: Transaction): void {
    for (const [key, holder] of this.locks) if (holder === transaction) this.locks.delete(key);
  }

  /** PostgreSQL notices that a client is gone, and rolls back. */
  forget(process: Process): void {
    for (const holder of this.locks.values()) if (holder.process === process) this.unlock(holder);
  }
}

/** A transaction under way: what it writes is seen by nobody, itself included, until it commits. */
export class Transaction {
  private readonly writes: (() => void)[] = [];

  constructor(
    readonly process: Process,
    private readonly database: Database,
  ) {}

  write(write: () => void): void {
    this.writes.push(write);
  }

  commit(): void {
    for (const write of this.writes) write();
    this.database.unlock(this);
  }

  rollBack(): void {
    this.database.unlock(this);
  }
}

/** Through which one process reads and writes: inside a transaction, or each statement by itself. */
export class Session {
  constructor(
    readonly process: Process,
    readonly database: Database,
    readonly transaction?: Transaction,
  ) {}

  get tables(): Tables {
    return this.database.tables;
  }

  /**
   * Carries a statement out once the rows under these keys are free of others' locks.
   */
  statement<Result>(effect: () => Result, keys: readonly string[] = []): Promise<Result> {
    return this.database.operations.ask({
      process: this.process,
      lost: connectionLost,
      isReady: () => !keys.some((key) => this.database.isLockedFor(key, this.transaction)),
      effect,
    });
  }

  /** Locks rows until the end of the transaction: the first of those that nobody else has locked. */
  lockFree<Row extends { readonly id: string }>(rows: readonly Row[], limit: number): Row[] {
    const { database, transaction } = this;
    const free = rows.filter(({ id }) => !database.isLockedFor(id, transaction)).slice(0, limit);
    for (const { id } of free) if (transaction) database.lock(id, transaction);
    return free;
  }

  write(write: () => void): void {
    if (this.transaction) this.transaction.write(write);
    else write();
  }
}

/** What `pg` throws where its connection breaks. */
export function connectionLost(): Error {
  return Object.assign(new Error('terminating connection'), { code: '57P01' });
}
