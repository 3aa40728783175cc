import fc from 'fast-check';
import { play } from '../test/defaults';
import { exampleTemplate } from '../test/examples';
import { START } from '../test/world';
import { pauseMs } from './retry';
import { wakeAt } from './wake-at';

const policy = { limit: 5, backoffMs: 1_000, factor: 2, maxBackoffMs: 5_000 };

describe('a stage that fails', () => {
  it('is requested again after its pause, once by default, then fails the task', () => {
    const { world, log } = play(exampleTemplate('quick_answer'));
    world.refuse('embedding_lookup', { code: 'INDEX_BUSY' });
    const due = wakeAt(world.state) ?? 0;
    expect(due - START).toBeGreaterThanOrEqual(500);
    expect(due - START).toBeLessThanOrEqual(1_000);
    world.wake();
    world.refuse('embedding_lookup', { code: 'INDEX_BROKEN' });
    expect(log.slice(2)).toEqual([
      'stage.failed embedding_lookup 1',
      'stage.retry_scheduled embedding_lookup 1',
      'stage.requested embedding_lookup 2',
      'stage.failed embedding_lookup 2',
      'task.finished',
    ]);
    expect(world.state.error).toEqual({
      code: 'INDEX_BROKEN',
      message: 'It broke',
      stage: 'embedding_lookup',
    });
  });

  it('fails the task at once where another attempt cannot help', () => {
    const { world } = play(exampleTemplate('quick_answer'));
    world.refuse('embedding_lookup', { retryable: false });
    expect(world.state.status).toBe('failed');
  });

  it('by its time-out is treated the same', () => {
    const { world } = play(exampleTemplate('quick_answer'));
    world.wake();
    expect(world.state.stages['embedding_lookup']).toMatchObject({
      status: 'backing_off',
      error: { code: 'STAGE_UNANSWERED', message: 'No answer within 15000 ms' },
    });
    world.wake();
    world.wake();
    expect(world.state).toMatchObject({ status: 'failed', error: { code: 'STAGE_UNANSWERED' } });
  });

  it('is forgotten once a retry succeeds', () => {
    const { world } = play(exampleTemplate('quick_answer'));
    world.refuse('embedding_lookup');
    world.wake();
    world.answer('embedding_lookup');
    expect(world.state.stages['embedding_lookup']).toMatchObject({
      status: 'completed',
      attempt: 2,
      error: null,
    });
  });
});

describe('the pause before a retry', () => {
  it('grows by the factor up to the longest, with half of it as jitter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.string(), (failures, seed) => {
        const longest = Math.min(1_000 * 2 ** (failures - 1), 5_000);
        const pause = pauseMs(policy, failures, seed);
        expect(pause).toBeGreaterThanOrEqual(longest / 2);
        expect(pause).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('is the same for the same attempt, and spread over tasks', () => {
    const pauses = Array.from({ length: 200 }, (_none, index) =>
      pauseMs(policy, 1, `task-${index}`),
    );
    expect(pauseMs(policy, 1, 'task-7')).toBe(pauses[7]);
    const early = pauses.filter((pause) => pause < 750).length;
    expect(early).toBeGreaterThan(60);
    expect(early).toBeLessThan(140);
  });

  it('is as long as the agent asks, within the longest', () => {
    expect(pauseMs(policy, 1, 'seed', 4_000)).toBe(4_000);
    expect(pauseMs(policy, 1, 'seed', 60_000)).toBe(5_000);
    expect(pauseMs(policy, 1, 'seed', 1)).toBe(pauseMs(policy, 1, 'seed'));
  });
});
