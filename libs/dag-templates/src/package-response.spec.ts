import { responseOutput, type JsonObject } from '@askflash/contracts';
import { play } from '../test/defaults';
import { exampleTemplate } from '../test/examples';
import { outputOf } from '../test/world';
import { packageResponse } from './package-response';
import { taskTemplate } from './template';

describe('packageResponse', () => {
  it('takes the executor’s answer and the moderator’s confidence', () => {
    const { world } = play(exampleTemplate('standard_query'));
    ['intent_analysis', 'embedding_lookup', 'executor_reasoning', 'moderation'].forEach((name) =>
      world.answer(name),
    );
    expect(packageResponse(exampleTemplate('standard_query'), world.state)).toEqual({
      answer: 'An answer',
      sources: [{ path: 'a.md', heading: 'One' }],
      confidence: 1,
    });
  });

  it('takes the passages where there is no executor, each source once', () => {
    const { world } = play(exampleTemplate('simple_lookup'));
    const passages = ['One', 'Two'].map((text) => ({ path: 'a.md', heading: 'H', text, score: 1 }));
    world.answer('embedding_lookup', { passages });
    expect(world.state.result).toEqual({
      answer: 'One\n\nTwo',
      sources: [{ path: 'a.md', heading: 'H' }],
      confidence: null,
    });
  });

  it('is empty where nothing was found, and still a response', () => {
    const { world } = play(exampleTemplate('simple_lookup'));
    world.answer('embedding_lookup', { passages: [] });
    expect(world.state.result).toEqual({ answer: '', sources: [], confidence: null });
    expect(responseOutput.safeParse(world.state.result).success).toBe(true);
  });

  it('leaves out what the executor says beside its answer', () => {
    const { world } = play(exampleTemplate('quick_answer'));
    world.answer('embedding_lookup');
    world.answer('executor_reasoning', { ...outputOf('executor_reasoning'), thoughts: 'Hm' });
    expect(world.state.result).not.toHaveProperty('thoughts');
  });

  describe('after a stage of somebody’s own', () => {
    const { stages, ...rest } = exampleTemplate('quick_answer');
    const template = taskTemplate.parse({
      ...rest,
      stages: stages.flatMap((stage) =>
        stage.name === 'response_packaging'
          ? [
              { name: 'summarize', dependsOn: ['executor_reasoning'], timeoutMs: 1000 },
              { ...stage, dependsOn: ['summarize'] },
            ]
          : [stage],
      ),
    });
    const answered = (summary: JsonObject) => {
      const { world } = play(template);
      world.answer('embedding_lookup');
      world.answer('executor_reasoning');
      world.answer('summarize', summary);
      return world.state.result;
    };

    it('takes the last answer, with the sources of the one before it', () => {
      expect(answered({ answer: 'In short' })).toEqual({
        answer: 'In short',
        sources: [{ path: 'a.md', heading: 'One' }],
        confidence: null,
      });
    });

    it('takes its sources where it names any, be it none', () => {
      expect(answered({ answer: 'In short', sources: [] })).toMatchObject({ sources: [] });
    });

    it('passes a stage over that answers nothing', () => {
      expect(answered({ length: 2 })).toMatchObject({ answer: 'An answer' });
    });
  });
});
