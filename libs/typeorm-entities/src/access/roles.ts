/** What a role may do with a table or view: `SELECT`, or `UPDATE (column)` for one column of it. */
export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | `UPDATE (${string})`;

/** A role of the database, with everything it may do there. */
export interface DatabaseRole {
  /** The app's name. */
  readonly name: string;
  readonly description: string;
  /** Privileges by table or view; it has none on any other. */
  readonly privileges: Readonly<Record<string, readonly Privilege[]>>;
  /** PostgreSQL's own roles whose rights it has besides. */
  readonly memberOf: readonly 'pg_read_all_stats'[];
  /** Its sessions begin with these; a session may ask for other time-outs. */
  readonly settings: Readonly<Record<string, string>>;
}

const READ = ['SELECT'] as const;
const APPEND = ['SELECT', 'INSERT'] as const;
const WRITE = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** No statement for ever, no waiting for a lock that somebody forgot, no transaction left open. */
const PATIENCE = {
  statement_timeout: '30s',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '30s',
};

/** Every role but the owner's, who migrates. Agents have none: they never touch PostgreSQL. */
export const DATABASE_ROLES: readonly DatabaseRole[] = [
  {
    name: 'coordinator',
    description: 'Makes and changes tasks; deletes none, and appends only to what is a record',
    privileges: {
      task_histories: ['SELECT', 'INSERT', 'UPDATE'],
      task_outbox: WRITE,
      task_stage_logs: APPEND,
      agent_performance: APPEND,
      task_dag_templates: APPEND,
      agent_health: READ,
      health_conditions: READ,
      task_analytics: READ,
      agent_performance_summary: READ,
      schema_migrations: READ,
    },
    memberOf: [],
    settings: PATIENCE,
  },
  {
    name: 'health-monitor',
    description: 'Keeps instances and conditions, and deletes finished tasks that are old',
    privileges: {
      agent_health: WRITE,
      health_conditions: WRITE,
      // To lock the rows that it deletes it needs a column to update: the one that a trigger sets.
      task_histories: ['SELECT', 'DELETE', 'UPDATE (updated_at)'],
      task_outbox: READ,
      task_stage_logs: READ,
      agent_performance: READ,
      task_dag_templates: READ,
      task_analytics: READ,
      agent_performance_summary: READ,
      schema_migrations: READ,
    },
    // It counts everybody's connections.
    memberOf: ['pg_read_all_stats'],
    settings: PATIENCE,
  },
  {
    name: 'analytics',
    description: 'Reads figures, for reports: neither what users asked nor what they were told',
    privileges: {
      task_analytics: READ,
      agent_performance_summary: READ,
      agent_performance: READ,
      agent_health: READ,
      health_conditions: READ,
    },
    memberOf: [],
    settings: {
      statement_timeout: '60s',
      lock_timeout: '2s',
      idle_in_transaction_session_timeout: '60s',
      default_transaction_read_only: 'on',
    },
  },
  {
    name: 'verify',
    description: 'Runs a task of its own through every template, and takes it away again',
    privileges: {
      task_histories: WRITE,
      task_stage_logs: APPEND,
      task_dag_templates: READ,
      agent_performance: READ,
      agent_health: READ,
      task_analytics: READ,
      agent_performance_summary: READ,
      schema_migrations: READ,
    },
    memberOf: [],
    settings: PATIENCE,
  },
];
