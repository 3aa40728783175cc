import { play } from '../test/defaults';
import { exampleTemplate } from '../test/examples';
import { START, TASK_ID, outputOf } from '../test/world';
import { RetryStageInvalidError } from './errors';
import { givenBefore } from './given';
import { parseTemplate } from './parse-template';
import { reduce } from './reduce';
import { startTask } from './start-task';
import type { TaskState } from './task-state';
import type { TaskTemplate } from './template';
import { upstreamOutputs } from './upstream';

const OTHER_ID = '019a0000-0000-7000-8000-000000000002';

/** A task that fails at a stage, the ones before it answered. */
function failedAt(template: TaskTemplate, failing: string): TaskState {
  const { world } = play(template);
  while (!world.hasEnded) {
    const running = template.stages.find(
      ({ name }) => world.state.stages[name]?.status === 'requested',
    );
    if (running === undefined) break;
    if (running.name === failing) world.refuse(failing, { retryable: false });
    else world.answer(running.name);
  }
  return world.state;
}

const retry = (template: TaskTemplate, state: TaskState, from?: string) =>
  play(template, {
    taskId: OTHER_ID,
    retryOf: TASK_ID,
    given: givenBefore(template, state, from),
  });

describe('a task that repeats another', () => {
  const standard = exampleTemplate('standard_query');

  it('goes on at the stage that failed, with what came before it', () => {
    const state = failedAt(standard, 'moderation');
    const { world, log } = retry(standard, state);
    expect(log).toEqual(['task.created', 'stage.requested moderation 1']);
    expect(upstreamOutputs(standard, world.state, 'moderation')).toEqual({
      intent_analysis: outputOf('intent_analysis'),
      embedding_lookup: outputOf('embedding_lookup'),
      executor_reasoning: outputOf('executor_reasoning'),
    });
    world.answer('moderation');
    expect(world.state).toMatchObject({ status: 'complete', result: { answer: 'An answer' } });
  });

  it('goes on at an earlier stage where told so, and runs all behind that again', () => {
    const state = failedAt(standard, 'moderation');
    const { log } = retry(standard, state, 'embedding_lookup');
    expect(log).toEqual(['task.created', 'stage.requested embedding_lookup 1']);
  });

  it('begins anew where no stage failed', () => {
    const { world } = play(standard);
    world.answer('intent_analysis');
    world.send({ type: 'abort', reason: 'Not now' });
    expect(retry(standard, world.state).log).toEqual([
      'task.created',
      'stage.requested intent_analysis 1',
    ]);
  });

  it('says in its first event what it repeats and what it was given', () => {
    const state = failedAt(standard, 'executor_reasoning');
    const { events } = startTask({
      taskId: OTHER_ID,
      template: standard,
      now: START,
      retryOf: TASK_ID,
      given: givenBefore(standard, state),
    });
    expect(events[0]?.data).toEqual({
      template: { name: 'standard_query', version: 1 },
      retryOf: TASK_ID,
      given: ['intent_analysis', 'embedding_lookup'],
    });
  });

  it('keeps a branch that was done beside the stage that failed', () => {
    const research = exampleTemplate('complex_research');
    const { world } = play(research);
    world.answer('intent_analysis');
    world.answer('embedding_lookup');
    world.refuse('web_search', { retryable: false });
    expect(retry(research, world.state).log).toEqual([
      'task.created',
      'stage.requested web_search 1',
    ]);
  });

  it('keeps a web search that was put in, unless it comes after the stage', () => {
    const { world } = play(standard);
    world.answer('intent_analysis');
    world.answer('embedding_lookup');
    world.answer('executor_reasoning', outputOf('executor_reasoning', { search: true }));
    world.answer('web_search');
    world.refuse('executor_reasoning', { retryable: false });
    expect(retry(standard, world.state).log.at(-1)).toBe('stage.requested executor_reasoning 1');
    expect(retry(standard, world.state, 'web_search').log.at(-1)).toBe(
      'stage.requested web_search 1',
    );
    const anew = retry(standard, world.state, 'embedding_lookup').world.state;
    expect(Object.keys(anew.stages)).not.toContain('web_search');
  });

  it('runs a given executor again where moderation doubts it, as its first attempt', () => {
    const { world, log } = retry(standard, failedAt(standard, 'moderation'));
    world.answer('moderation', outputOf('moderation', { doubt: true }));
    expect(log.slice(-2)).toEqual([
      'task.revised executor_reasoning',
      'stage.requested executor_reasoning 1',
    ]);
    const late = { type: 'stage.completed' as const, stage: 'executor_reasoning', attempt: 0 };
    expect(
      reduce(standard, world.state, { ...late, output: outputOf('executor_reasoning') }, world.now),
    ).toMatchObject({ outcome: 'ignored', reason: 'stale_attempt' });
  });

  it('takes a skipped stage over as skipped', () => {
    const template = parseTemplate({
      name: 'careful',
      version: 1,
      description: 'Searches the web only when told to',
      stages: [
        { name: 'web_search', timeoutMs: 1_000, when: 'has(input.deep)' },
        { name: 'moderation', timeoutMs: 1_000, dependsOn: ['web_search'] },
      ],
    });
    const { log, world } = retry(template, failedAt(template, 'moderation'));
    expect(log).toEqual(['task.created', 'stage.requested moderation 1']);
    expect(world.state.stages['web_search']).toMatchObject({ status: 'skipped', output: null });
  });

  it.each([
    ['a stage the task does not have', 'web_search', 'no stage web_search'],
    ['a name every object has', 'constructor', 'no stage constructor'],
    ['a stage the task did not get to', 'response_packaging', 'no output of moderation'],
  ])('is refused from %s', (_what, from, message) => {
    const state = failedAt(standard, 'moderation');
    const attempt = () => givenBefore(standard, state, from);
    expect(attempt).toThrow(RetryStageInvalidError);
    expect(attempt).toThrow(message);
  });
});
