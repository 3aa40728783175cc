import type { DataSource } from 'typeorm';

/** What a task of five stages leaves behind, besides its row. */
const EVENTS_A_TASK = 12;
const ATTEMPTS_A_TASK = 5;

/** An id as it would have been given at a task's time, n half seconds ago, to what `of` names. */
const idOf = (of: string): string => `(
  lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n * 500), 12, '0')
  || '7' || substr(md5(${of}), 1, 3) || 'a' || substr(md5(${of}), 4, 15))::uuid`;

const RESULT = '{"answer": "`npm stop` ends the stack and keeps its data.", "sources": []}';

/**
 * Fills the tables with tasks that have ended, as if one had come every half second until now: the oldest
 * first, so that indexes grow at their end only, as in operation, and fast.
 *
 * @param template whose version 1 they ran through
 */
export async function storeTasks(
  dataSource: DataSource,
  template: string,
  count: number,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    // What is put in here is whole: foreign keys need not be looked at, row by row.
    await manager.query('SET LOCAL session_replication_role = replica');
    await manager.query('SET LOCAL statement_timeout = 0');
    await manager.query(
      `CREATE TEMPORARY TABLE stored ON COMMIT DROP AS
         SELECT n, ${idOf('n::text')} AS id, now() - n * interval '500 ms' AS at
           FROM generate_series($1::int, 1, -1) AS n`,
      [count],
    );
    await manager.query(
      `INSERT INTO task_histories (id, user_id, query, template_name, template_version, status,
                                   state, event_seq, result, created_at, updated_at, finished_at)
       SELECT id, 'bench', 'Why?', $1, 1, 'complete', '{}', ${EVENTS_A_TASK}, $2, at, at, at
         FROM stored`,
      [template, RESULT],
    );
    await manager.query(
      `INSERT INTO task_stage_logs (task_id, seq, type, stage, attempt, data, at)
       SELECT id, generate_series(1, ${EVENTS_A_TASK}), 'stage.completed', 'moderation', 1, '{}', at
         FROM stored`,
    );
    await manager.query(
      `INSERT INTO agent_performance (id, task_id, stage, attempt, agent, instance_id, outcome,
                                      duration_ms, created_at)
       SELECT ${idOf("n || ' ' || attempt")}, id, 'moderation', attempt, 'moderator', id, 'completed', 1, at
         FROM (SELECT *, generate_series(1, ${ATTEMPTS_A_TASK}) AS attempt FROM stored) AS attempts`,
    );
  });
  // What autovacuum would do in time; it is not to be measured.
  await dataSource.query('VACUUM ANALYZE');
  await dataSource.query('CHECKPOINT');
}
