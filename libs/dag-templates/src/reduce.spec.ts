import { DEFAULT_TEMPLATES } from './default-templates';
import { play } from '../test/defaults';
import { exampleTemplate } from '../test/examples';
import { START, TASK_ID } from '../test/world';
import { parseTemplate } from './parse-template';
import { reduce } from './reduce';
import { stageViews } from './stage-views';
import { startTask } from './start-task';
import { upstreamOutputs } from './upstream';
import { wakeAt } from './wake-at';

describe('a task', () => {
  it.each(DEFAULT_TEMPLATES.map((template) => [template.name, template] as const))(
    'of %s completes with each of its stages done once',
    (_name, template) => {
      const { world } = play(template);
      while (!world.hasEnded) {
        const running = Object.entries(world.state.stages).filter(
          ([, { status }]) => status === 'requested',
        );
        running.forEach(([name]) => world.answer(name));
      }
      expect(world.state).toMatchObject({ status: 'complete', error: null });
      expect(stageViews(template, world.state)).toEqual(
        template.stages.map(({ name }) => ({ name, status: 'completed', attempt: 1, error: null })),
      );
    },
  );

  it('goes its way stage by stage, with every event told', () => {
    const { world, log } = play(exampleTemplate('quick_answer'));
    world.answer('embedding_lookup');
    world.answer('executor_reasoning');
    expect(log).toEqual([
      'task.created',
      'stage.requested embedding_lookup 1',
      'stage.completed embedding_lookup 1',
      'stage.requested executor_reasoning 1',
      'stage.completed executor_reasoning 1',
      'stage.requested response_packaging 1',
      'stage.completed response_packaging 1',
      'task.finished',
    ]);
    expect(world.state.result).toEqual({
      answer: 'An answer',
      sources: [{ path: 'a.md', heading: 'One' }],
      confidence: null,
    });
  });

  it('says at its start what to request, and until when', () => {
    const template = exampleTemplate('quick_answer');
    const { commands, state } = startTask({ taskId: TASK_ID, template, now: START });
    expect(commands).toEqual([
      {
        type: 'request_stage',
        stage: 'embedding_lookup',
        attempt: 1,
        timeoutMs: 15_000,
        deadlineAt: START + 15_000,
      },
    ]);
    expect(wakeAt(state)).toBe(START + 15_000);
  });

  it('has the coordinator do the coordinator’s own stages', () => {
    const template = exampleTemplate('simple_lookup');
    const { state } = startTask({ taskId: TASK_ID, template, now: START });
    const { commands } = reduce(
      template,
      state,
      { type: 'stage.completed', stage: 'embedding_lookup', attempt: 1, output: { passages: [] } },
      START,
    );
    expect(commands).toEqual([
      { type: 'run_in_coordinator', stage: 'response_packaging', attempt: 1 },
    ]);
  });

  it('requests branches together and joins them', () => {
    const { world, log } = play(exampleTemplate('complex_research'));
    world.answer('intent_analysis');
    expect(log.slice(-2)).toEqual([
      'stage.requested embedding_lookup 1',
      'stage.requested web_search 1',
    ]);
    world.answer('web_search');
    expect(log.at(-1)).toBe('stage.completed web_search 1');
    world.answer('embedding_lookup');
    expect(log.at(-1)).toBe('stage.requested executor_reasoning 1');
    const upstream = upstreamOutputs(
      exampleTemplate('complex_research'),
      world.state,
      'executor_reasoning',
    );
    expect(Object.keys(upstream).sort()).toEqual([
      'embedding_lookup',
      'intent_analysis',
      'web_search',
    ]);
  });

  it('ends once where two branches fail for good', () => {
    const { world, log } = play(exampleTemplate('complex_research'));
    world.answer('intent_analysis');
    world.refuse('web_search', { retryable: false, code: 'WEB_GONE' });
    world.refuse('embedding_lookup', { retryable: false });
    expect(log.slice(-3)).toEqual([
      'stage.failed web_search 1',
      'task.finished',
      'ignored: task_finished',
    ]);
    expect(world.state).toMatchObject({
      status: 'failed',
      error: { code: 'WEB_GONE', stage: 'web_search' },
    });
  });

  it('ends once where two branches time out for the last time in one tick', () => {
    const stage = { timeoutMs: 1_000, retry: { limit: 0 } };
    const template = parseTemplate({
      name: 'two',
      version: 1,
      description: 'Two branches',
      stages: [
        { ...stage, name: 'intent_analysis' },
        { ...stage, name: 'web_search' },
      ],
    });
    const { world, log } = play(template);
    world.wake();
    expect(log.slice(3)).toEqual(['stage.failed intent_analysis 1', 'task.finished']);
  });

  it('skips a stage whose condition is false, and goes on behind it', () => {
    const template = parseTemplate({
      name: 'careful',
      version: 1,
      description: 'Searches the web only when told to',
      stages: [
        { name: 'web_search', timeoutMs: 1_000, when: 'input.depth == "deep"' },
        { name: 'intent_analysis', timeoutMs: 1_000, dependsOn: ['web_search'] },
        {
          name: 'embedding_lookup',
          timeoutMs: 1_000,
          dependsOn: ['intent_analysis'],
          when: 'has(upstream.web_search)',
        },
      ],
    });
    const shallow = play(template, { input: { depth: 'shallow' } });
    shallow.world.answer('intent_analysis');
    expect(shallow.log).toEqual([
      'task.created',
      'stage.skipped web_search',
      'stage.requested intent_analysis 1',
      'stage.completed intent_analysis 1',
      'stage.skipped embedding_lookup',
      'task.finished',
    ]);
    expect(shallow.world.state.result).toEqual({ depth: 'deep', by: 'intent_analysis' });
    const deep = play(template, { input: { depth: 'deep' } });
    deep.world.answer('web_search');
    deep.world.answer('intent_analysis');
    expect(deep.log.at(-1)).toBe('stage.requested embedding_lookup 1');
  });

  it('fails a task whose condition cannot be told, saying why, without an attempt', () => {
    const template = parseTemplate({
      name: 'careless',
      version: 1,
      description: 'Asks about what need not be there',
      stages: [
        { name: 'embedding_lookup', timeoutMs: 1_000 },
        {
          name: 'executor_reasoning',
          timeoutMs: 1_000,
          dependsOn: ['embedding_lookup'],
          when: 'upstream.embedding_lookup.best > 0.5',
        },
      ],
    });
    const { world, log } = play(template);
    world.answer('embedding_lookup');
    expect(log.slice(2)).toEqual([
      'stage.completed embedding_lookup 1',
      'stage.failed executor_reasoning',
      'task.finished',
    ]);
    expect(world.state).toMatchObject({
      status: 'failed',
      error: {
        code: 'STAGE_CONDITION_BROKEN',
        stage: 'executor_reasoning',
        message: expect.stringContaining('No such key: best'),
      },
      stages: { executor_reasoning: { status: 'failed', attempt: 0 } },
    });
  });

  it('is aborted on demand, and stays so', () => {
    const { world, log } = play(exampleTemplate('quick_answer'));
    const { commands } = world.send({ type: 'abort', reason: 'The user left' });
    const error = { code: 'TASK_ABORTED', message: 'The user left' };
    expect(commands).toEqual([{ type: 'finish', status: 'aborted', result: null, error }]);
    world.answer('embedding_lookup');
    expect(log.at(-1)).toBe('ignored: task_finished');
    expect(world.state).toMatchObject({ status: 'aborted', error });
    expect(wakeAt(world.state)).toBeNull();
  });
});

describe('the task’s deadline', () => {
  const template = exampleTemplate('quick_answer');

  it('fails the task at the tick that finds it passed', () => {
    const { world } = play(template, { deadlineAt: START + 1_000 });
    expect(wakeAt(world.state)).toBe(START + 1_000);
    world.wake();
    expect(world.state).toMatchObject({
      status: 'failed',
      error: { code: 'TASK_DEADLINE_EXCEEDED' },
    });
  });

  it('bounds how long a stage may take', () => {
    const { world } = play(template, { deadlineAt: START + 1_000 });
    expect(world.state.stages['embedding_lookup']?.deadlineAt).toBe(START + 1_000);
  });

  it('comes before a result that is later than it', () => {
    const { world } = play(template, { deadlineAt: START + 1_000 });
    world.now += 1_000;
    world.answer('embedding_lookup');
    expect(world.state.error?.code).toBe('TASK_DEADLINE_EXCEEDED');
    expect(world.state.stages['embedding_lookup']?.output).toBeNull();
  });

  it('fails a task that is started too late without requesting anything', () => {
    const { state, commands } = startTask({
      taskId: TASK_ID,
      template,
      now: START,
      deadlineAt: START,
    });
    expect(state.status).toBe('failed');
    expect(commands.map(({ type }) => type)).toEqual(['finish']);
  });
});

describe('an answer', () => {
  it('of an attempt that was given up is stale, while the retry runs', () => {
    const { world, log } = play(exampleTemplate('quick_answer'));
    world.wake();
    world.wake();
    expect(world.attempt('embedding_lookup')).toBe(2);
    const output = { passages: [] };
    world.send({ type: 'stage.completed', stage: 'embedding_lookup', attempt: 1, output });
    expect(log.at(-1)).toBe('ignored: stale_attempt');
  });

  it('of an attempt that was given up is late, while the retry is still due', () => {
    const { world, log } = play(exampleTemplate('quick_answer'));
    world.wake();
    world.answer('embedding_lookup');
    expect(log.at(-1)).toBe('ignored: stage_not_running');
  });

  it('that comes after its time is taken where nobody has given it up yet', () => {
    const { world, log } = play(exampleTemplate('quick_answer'));
    world.now += 60_000;
    world.answer('embedding_lookup');
    expect(log.at(-1)).toBe('stage.requested executor_reasoning 1');
  });

  it('that lacks what the stage owes is a failed attempt, which names the fields', () => {
    const { world } = play(exampleTemplate('quick_answer'));
    world.answer('embedding_lookup', { passages: [{ path: 'a.md' }] });
    expect(world.state.stages['embedding_lookup']).toMatchObject({
      status: 'backing_off',
      error: {
        code: 'STAGE_OUTPUT_INVALID',
        message: expect.stringContaining('passages.0.heading'),
      },
    });
  });
});
