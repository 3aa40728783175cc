import { withBackbone } from '@askflash/agent-kit/testing';
import { ExecutorModule } from '../src/executor.module';

const PASSAGE = {
  path: 'guide/agents.md',
  heading: 'Add an agent',
  text: 'To add a new agent, run the generator. It registers the queue of the agent.',
  score: 3,
};

describe('the executor, on a real queue', () => {
  const executor = withBackbone(ExecutorModule);

  it('answers out of the passages it is handed, and streams the answer', async () => {
    const stage = await executor.request('executor_reasoning', {
      query: 'How do I add a new agent?',
      upstream: { embedding_lookup: { passages: [PASSAGE] } },
    });
    const { outcome, payload } = await stage.report();
    expect(outcome).toBe('completed');
    expect(payload).toMatchObject({
      agent: 'executor',
      output: {
        answer: expect.stringContaining('run the generator'),
        sources: [{ path: 'guide/agents.md', heading: 'Add an agent' }],
      },
    });
    const told = await stage.progress();
    expect(told.map(({ type }) => type)).toContain('token');
    expect(told.at(-1)).toMatchObject({ type: 'progress', fraction: 1 });
  });

  it('fails a stage whose findings have another shape', async () => {
    const stage = await executor.request('executor_reasoning', {
      query: 'How do I add a new agent?',
      upstream: { embedding_lookup: { passages: 'none' } },
    });
    expect(await stage.report()).toMatchObject({
      outcome: 'failed',
      payload: { error: { code: 'CONTRACT_VIOLATION' } },
    });
  });
});
