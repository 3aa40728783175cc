import { play } from '../test/defaults';
import { exampleTemplate } from '../test/examples';
import { outputOf } from '../test/world';
import { stageViews } from './stage-views';
import { upstreamOutputs } from './upstream';

const template = exampleTemplate('standard_query');
const wanting = outputOf('executor_reasoning', { search: true });

function untilExecutor(name = 'standard_query'): ReturnType<typeof play> {
  const played = play(exampleTemplate(name));
  const before = ['intent_analysis', 'embedding_lookup', 'web_search'];
  before
    .filter((stage) => stage in played.world.state.stages)
    .forEach((stage) => played.world.answer(stage));
  played.log.length = 0;
  return played;
}

describe('an executor that needs the web', () => {
  it('gets a web search before it, runs again, and may ask only once', () => {
    const { world, log } = untilExecutor();
    world.answer('executor_reasoning', wanting);
    world.answer('web_search');
    world.answer('executor_reasoning', wanting);
    expect(log).toEqual([
      'stage.completed executor_reasoning 1',
      'stage.inserted web_search',
      'stage.requested web_search 1',
      'stage.completed web_search 1',
      'stage.requested executor_reasoning 2',
      'stage.completed executor_reasoning 2',
      'stage.requested moderation 1',
    ]);
  });

  it('is handed what the search found', () => {
    const { world } = untilExecutor();
    world.answer('executor_reasoning', wanting);
    world.answer('web_search');
    const upstream = upstreamOutputs(template, world.state, 'executor_reasoning');
    expect(upstream['web_search']).toEqual(outputOf('web_search'));
  });

  it('has the search shown before it', () => {
    const { world } = untilExecutor();
    world.answer('executor_reasoning', wanting);
    expect(
      stageViews(template, world.state).map(({ name, status }) => `${name} ${status}`),
    ).toEqual([
      'intent_analysis completed',
      'embedding_lookup completed',
      'web_search requested',
      'executor_reasoning pending',
      'moderation pending',
      'response_packaging pending',
    ]);
  });

  it('does not get the search again after a revision', () => {
    const { world } = untilExecutor();
    world.answer('executor_reasoning', wanting);
    world.answer('web_search');
    world.answer('executor_reasoning');
    world.answer('moderation', outputOf('moderation', { doubt: true }));
    world.answer('executor_reasoning', wanting);
    world.answer('moderation');
    expect(world.state.status).toBe('complete');
    expect(world.attempt('web_search')).toBe(1);
    expect(world.attempt('executor_reasoning')).toBe(3);
  });

  it('fails the task where the search fails for good', () => {
    const { world } = untilExecutor();
    world.answer('executor_reasoning', wanting);
    world.refuse('web_search', { retryable: false });
    expect(world.state).toMatchObject({ status: 'failed', error: { stage: 'web_search' } });
  });

  it.each(['quick_answer', 'complex_research'])(
    'is not heard in %s, which does not offer it',
    (name) => {
      const { world, log } = untilExecutor(name);
      world.answer('executor_reasoning', wanting);
      expect(log).not.toContain('stage.inserted web_search');
      expect(world.attempt('executor_reasoning')).toBe(1);
    },
  );
});
