import { newId } from '@askflash/config';
import { DEFAULT_TEMPLATES, startTask } from '@askflash/dag-templates';
import { queueWaitMs } from './queue-wait';

const NOW = Date.UTC(2026, 0, 1);

describe('queueWaitMs', () => {
  const template = DEFAULT_TEMPLATES.find(({ name }) => name === 'simple_lookup');
  if (!template) throw new Error('There is no template simple_lookup');
  const taskId = newId();
  const { state } = startTask({ taskId, template, input: {}, now: NOW, deadlineAt: null });
  const report = (durationMs: number, stage = 'embedding_lookup') => ({
    taskId,
    stage,
    attempt: 1,
    agent: 'embedding',
    instanceId: newId(),
    // An agent whose clock is off by a day.
    startedAt: new Date(NOW + 86_400_000).toISOString(),
    durationMs,
    output: {},
  });
  const after = (ms: number) => new Date(NOW + ms);

  it('is what passed since the request, less what the agent took', () => {
    expect(queueWaitMs(state, report(300), after(1_000))).toBe(700);
  });

  it('is never below nothing, whatever an agent says that it took', () => {
    expect(queueWaitMs(state, report(5_000), after(1_000))).toBe(0);
  });

  it.each(['response_packaging', 'no_stage'])(
    'is unknown of %s, which is not requested',
    (stage) => {
      expect(queueWaitMs(state, report(1, stage), after(1_000))).toBeUndefined();
    },
  );
});
