import { play } from '../test/defaults';
import { exampleTemplate } from '../test/examples';
import { outputOf } from '../test/world';
import { attemptLimit } from './attempt-limit';
import { parseTemplate } from './parse-template';
import { upstreamOutputs } from './upstream';

const template = exampleTemplate('standard_query');
const doubtful = outputOf('moderation', { doubt: true });

function untilModeration(): ReturnType<typeof play> {
  const played = play(template);
  ['intent_analysis', 'embedding_lookup', 'executor_reasoning'].forEach((name) =>
    played.world.answer(name),
  );
  played.log.length = 0;
  return played;
}

describe('a doubtful moderation', () => {
  it('has the executor run again, and what depends on it, then the task goes on', () => {
    const { world, log } = untilModeration();
    world.answer('moderation', doubtful);
    world.answer('executor_reasoning');
    world.answer('moderation', doubtful);
    expect(log).toEqual([
      'stage.completed moderation 1',
      'task.revised executor_reasoning',
      'stage.requested executor_reasoning 2',
      'stage.completed executor_reasoning 2',
      'stage.requested moderation 2',
      'stage.completed moderation 2',
      'stage.requested response_packaging 1',
      'stage.completed response_packaging 1',
      'task.finished',
    ]);
    expect(world.state).toMatchObject({ status: 'complete', result: { confidence: 0.2 } });
  });

  it('is told to the executor that runs again, and to it alone', () => {
    const { world } = untilModeration();
    world.answer('moderation', doubtful);
    const upstream = upstreamOutputs(template, world.state, 'executor_reasoning');
    expect(upstream['moderation']).toEqual(doubtful);
    expect(Object.keys(upstream)).toEqual(['embedding_lookup', 'intent_analysis', 'moderation']);
    world.answer('executor_reasoning');
    expect(upstreamOutputs(template, world.state, 'moderation')).not.toHaveProperty('moderation');
  });

  it('leaves results of the round before without effect', () => {
    const { world, log } = untilModeration();
    world.answer('moderation', doubtful);
    const output = outputOf('executor_reasoning');
    world.send({ type: 'stage.completed', stage: 'executor_reasoning', attempt: 1, output });
    expect(log.at(-1)).toBe('ignored: stale_attempt');
    world.send({ type: 'stage.completed', stage: 'moderation', attempt: 1, output: doubtful });
    expect(log.at(-1)).toBe('ignored: stage_not_running');
  });

  it('gives the stages their retries anew', () => {
    const { world } = untilModeration();
    world.answer('moderation', doubtful);
    world.refuse('executor_reasoning');
    world.wake();
    world.answer('executor_reasoning');
    world.answer('moderation');
    expect(world.state.status).toBe('complete');
    expect(world.attempt('executor_reasoning')).toBe(3);
  });

  it('overtakes what runs beside it and depends on the executor', () => {
    const stage = { timeoutMs: 1_000, retry: { limit: 0 } };
    const forked = parseTemplate(
      {
        name: 'forked',
        version: 1,
        description: 'The answer is translated while it is moderated',
        stages: [
          { ...stage, name: 'executor_reasoning' },
          { ...stage, name: 'moderation', dependsOn: ['executor_reasoning'] },
          { ...stage, name: 'translate', dependsOn: ['executor_reasoning'] },
        ],
        conditions: { minConfidence: 0.5 },
      },
      { stages: ['executor_reasoning', 'moderation', 'translate'] },
    );
    const { world, log } = play(forked);
    world.answer('executor_reasoning');
    world.answer('moderation', doubtful);
    expect(world.state.stages['translate']).toMatchObject({ status: 'pending', attempt: 1 });
    world.answer('translate');
    expect(log.at(-1)).toBe('ignored: stage_not_running');
    world.answer('executor_reasoning');
    expect(log.slice(-2)).toEqual(['stage.requested moderation 2', 'stage.requested translate 2']);
  });

  it('goes on at once where the confidence is on the threshold', () => {
    const { world } = untilModeration();
    world.answer('moderation', { confidence: 0.7, reasons: [] });
    expect(world.state.status).toBe('complete');
  });
});

describe('attemptLimit', () => {
  it('counts a round for the start, for each revision and for the web search', () => {
    expect(attemptLimit(template, 'intent_analysis')).toBe(2);
    expect(attemptLimit(template, 'executor_reasoning')).toBe(6);
    expect(attemptLimit(template, 'moderation')).toBe(6);
    expect(attemptLimit(template, 'web_search')).toBe(2);
    expect(attemptLimit(exampleTemplate('quick_answer'), 'executor_reasoning')).toBe(2);
    expect(attemptLimit(exampleTemplate('quick_answer'), 'web_search')).toBe(0);
  });
});
