import { z } from 'zod';
import type { Client } from '../load/client';
import { withPostgres } from '../rig/clients';
import type { Finding } from './finding';
import { groupBy } from './group-by';

const rows = z.array(z.object({ id: z.string(), key: z.string().nullable() }));

/**
 * I1 and I3 of what was handed in: each key has one task, of the id that every answer gave, and there
 * are no others.
 */
export async function checkKeys(
  databaseUrl: string,
  asked: readonly string[],
  { answers, refusals }: Pick<Client, 'answers' | 'refusals'>,
): Promise<Finding[]> {
  const tasks = await withPostgres(databaseUrl, async (postgres) => {
    const found = await postgres.query('SELECT id, idempotency_key AS key FROM task_histories');
    return rows.parse(found.rows);
  });
  const idsOf = groupBy(tasks, ({ key }) => key);
  const findings: Finding[] = refusals.map((what) => ({ invariant: 'I1', taskId: null, what }));
  for (const key of asked) {
    const stored = (idsOf.get(key) ?? []).map(({ id }) => id);
    const answered = [...(answers.get(key) ?? [])];
    if (stored.length > 1) {
      findings.push({
        invariant: 'I3',
        taskId: stored[1] ?? null,
        what: `${key} made ${stored.length} tasks`,
      });
    }
    if (answered.length === 0) {
      findings.push({ invariant: 'I1', taskId: null, what: `${key} was never accepted` });
    }
    for (const id of answered.filter((each) => !stored.includes(each))) {
      findings.push({
        invariant: 'I1',
        taskId: id,
        what: `it was the answer to ${key}, and is not there`,
      });
    }
  }
  for (const { id, key } of tasks) {
    if (key !== null && asked.includes(key)) continue;
    findings.push({ invariant: 'I3', taskId: id, what: 'nobody has handed it in' });
  }
  return findings;
}
