import {
  DataSource,
  EntityManager,
  type EntityTarget,
  type FindOptionsWhere,
  type ObjectLiteral,
} from 'typeorm';
import { Session, Transaction, connectionLost, type Database } from './database';
import type { Process } from './operations';

type Work<Result> = (manager: EntityManager) => Promise<Result>;

/** Stands for the driver, which takes longer to load than most runs last. */
const NEVER_LOADED = { driver: {}, nativeDriver: {} };

const CLOCK = 'SELECT clock_timestamp() AS now';

/** A manager whose statements the simulated database carries out; it knows few. */
export class SimulatedManager extends EntityManager {
  constructor(
    dataSource: DataSource,
    readonly session: Session,
  ) {
    super(dataSource);
  }

  override async findOneBy<Entity extends ObjectLiteral>(
    target: EntityTarget<Entity>,
    where: FindOptionsWhere<Entity> | FindOptionsWhere<Entity>[],
  ): Promise<Entity | null> {
    if (typeof target !== 'function' || target.name !== 'TaskHistory' || !('id' in where)) {
      throw new Error(`The simulation does not know how to find ${String(target)}`);
    }
    const { tasks } = this.session.tables;
    return untyped(await this.session.statement(() => tasks.get(String(where.id)) ?? null));
  }
}

/** What one process has of the simulated database. */
export class SimulatedDataSource extends DataSource {
  readonly session: Session;
  override readonly manager: SimulatedManager;

  constructor(
    private readonly process: Process,
    private readonly database: Database,
  ) {
    super({ type: 'postgres', ...NEVER_LOADED });
    this.session = new Session(process, database);
    this.manager = new SimulatedManager(this, this.session);
  }

  override async query<Rows>(sql: string): Promise<Rows> {
    if (sql !== CLOCK) throw new Error(`The simulation does not know ${sql}`);
    return untyped(await this.session.statement(() => [{ now: new Date() }]));
  }

  override async transaction<Result>(
    first: string | Work<Result>,
    second?: Work<Result>,
  ): Promise<Result> {
    const work = typeof first === 'function' ? first : second;
    if (!work) throw new Error('A transaction of nothing');
    const { process, database } = this;
    const transaction = new Transaction(process, database);
    try {
      const session = new Session(process, database, transaction);
      const result = await work(new SimulatedManager(this, session));
      const effect = () => transaction.commit();
      await database.operations.ask({ process, effect, lost: connectionLost });
      return result;
    } catch (error) {
      transaction.rollBack();
      throw error;
    }
  }
}

/** TypeORM leaves it to whoever asks to say what comes back. */
function untyped(value: unknown) {
  return Reflect.get({ value }, String('value'));
}
