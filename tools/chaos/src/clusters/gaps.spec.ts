import { DEFAULT_TEMPLATES } from '@askflash/dag-templates';
import type { TaskFacts } from '@askflash/testing';
import { longestGaps } from './gaps';

const [template] = DEFAULT_TEMPLATES;

/** A task of which something happened at these seconds. */
function taskOf(createdAt: number, completedAt: number): TaskFacts {
  if (!template) throw new Error('There is no template');
  const about = { taskId: 'a', stage: null, attempt: null, data: {} };
  const at = (second: number) => new Date(second * 1_000).toISOString();
  return {
    id: 'a',
    status: 'complete',
    eventSeq: 2,
    template,
    reported: [],
    events: [
      { ...about, seq: 1, type: 'task.created', at: at(createdAt) },
      { ...about, seq: 2, type: 'stage.completed', at: at(completedAt) },
    ],
  };
}

describe('longestGaps', () => {
  const from = new Date(10_000);
  const to = new Date(20_000);

  it('is the longest time between two events of a kind, the ends of the while included', () => {
    const tasks = [taskOf(11, 18), taskOf(13, 19), taskOf(18, 19)];
    expect(longestGaps(tasks, from, to)).toEqual({ acceptedMs: 5_000, completedMs: 8_000 });
  });

  it('heeds nothing that happened outside of it', () => {
    expect(longestGaps([taskOf(1, 30)], from, to)).toEqual({
      acceptedMs: 10_000,
      completedMs: 10_000,
    });
  });
});
