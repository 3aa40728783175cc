import { SqlMigration } from '../migrate/sql-migration';

/** A task tells which one it repeats; lists of tasks can be had by template. */
export class TaskRetriesAndLists1764100000000 extends SqlMigration {
  readonly name = 'TaskRetriesAndLists1764100000000';

  readonly applyStatements = [
    `ALTER TABLE task_histories ADD COLUMN retry_of uuid`,
    `CREATE INDEX task_histories_template_name_id_idx ON task_histories (template_name, id)`,
    `COMMENT ON INDEX task_histories_template_name_id_idx IS
       'selectTasks: the tasks of a template, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_user_id_id_idx IS
       'selectTasks: the tasks of a user, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_status_id_idx IS
       'selectTasks: tasks in one status, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_pkey IS
       'lockTasks, updateTasks: the tasks of a batch; selectTasks: the newest'`,
    `COMMENT ON INDEX task_histories_wake_at_idx IS
       'selectDueTasks: time-outs and retries that are due; selectBacklog: how many tasks run'`,
    `COMMENT ON INDEX task_outbox_pkey IS
       'postponeMessages, deleteMessages: the messages of a batch; selectBacklog: the oldest'`,
  ];

  readonly revertStatements = [
    `DROP INDEX task_histories_template_name_id_idx`,
    `ALTER TABLE task_histories DROP COLUMN retry_of`,
    `COMMENT ON INDEX task_histories_user_id_id_idx IS
       'selectTasksOfUser: the tasks of a user, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_status_id_idx IS
       'selectTasksByStatus: tasks in one status, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_pkey IS
       'lockTasks, updateTasks: the tasks of a batch'`,
    `COMMENT ON INDEX task_histories_wake_at_idx IS
       'selectDueTasks: time-outs and retries that are due'`,
    `COMMENT ON INDEX task_outbox_pkey IS
       'postponeMessages, deleteMessages: the messages of a batch'`,
  ];
}
