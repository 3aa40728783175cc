import { DEFAULT_TEMPLATES, reduce, startTask, type TaskTemplate } from '@askflash/dag-templates';
import type { JsonObject, TaskEvent } from '@askflash/contracts';
import { checkTask } from './check-task';
import type { TaskFacts } from './task-facts';

const TASK_ID = '019a0000-0000-7000-8000-000000000001';

function templateOf(name: string): TaskTemplate {
  const template = DEFAULT_TEMPLATES.find((each) => each.name === name);
  if (!template) throw new Error(`No template ${name}`);
  return template;
}

/** What the reducer makes of a task whose stages answer so. */
function run(name: string, answer: (stage: string, attempt: number) => JsonObject): TaskFacts {
  const template = templateOf(name);
  let now = 1_000;
  let transition = startTask({ taskId: TASK_ID, template, now });
  const events = [...transition.events];
  const reported: { stage: string; attempt: number }[] = [];
  const todo = [...transition.commands];
  for (let command = todo.shift(); command; command = todo.shift()) {
    if (command.type === 'finish') continue;
    const { stage, attempt } = command;
    const output = answer(stage, attempt);
    now += 10;
    const event = { type: 'stage.completed' as const, stage, attempt, output };
    transition = reduce(template, transition.state, event, now);
    if (command.type === 'request_stage') reported.push({ stage, attempt });
    events.push(...transition.events);
    todo.push(...transition.commands);
  }
  const { status, seq: eventSeq } = transition.state;
  return { id: TASK_ID, status, eventSeq, template, events, reported };
}

const OUTPUTS: Record<string, JsonObject> = {
  embedding_lookup: { passages: [] },
  web_search: { passages: [] },
  executor_reasoning: { answer: 'Yes.', sources: [] },
  response_packaging: { answer: 'Yes.', sources: [], confidence: null },
  intent_analysis: {
    category: 'informational',
    complexity: 'simple',
    subQuestions: [],
    needsWeb: false,
    by: 'rules',
  },
};

const plain = (stage: string): JsonObject =>
  OUTPUTS[stage] ?? { confidence: 0.9, reasons: [], by: 'rules' };

/** The executor asks for the web, and moderation sends the task back: as many rounds as there are. */
const demanding = (stage: string, attempt: number): JsonObject => {
  if (stage === 'executor_reasoning') {
    return { answer: 'Perhaps.', sources: [], needsWebSearch: attempt === 1 };
  }
  if (stage === 'moderation') return { confidence: attempt === 1 ? 0.1 : 0.9, reasons: [] };
  return plain(stage);
};

/** The same task with its events changed, numbered anew. */
function withEvents(task: TaskFacts, change: (events: TaskEvent[]) => TaskEvent[]): TaskFacts {
  const events = change([...task.events]).map((event, index) => ({ ...event, seq: index + 1 }));
  return { ...task, events, eventSeq: events.length };
}

const invariantsOf = (task: TaskFacts) => [
  ...new Set(checkTask(task).map(({ invariant }) => invariant)),
];

describe('checkTask', () => {
  it.each(DEFAULT_TEMPLATES.map(({ name }) => name))('finds nothing in a run of %s', (name) => {
    const task = run(name, plain);
    expect(task.status).toBe('complete');
    expect(checkTask(task)).toEqual([]);
    expect(checkTask(run(name, demanding))).toEqual([]);
  });

  const good = run('standard_query', demanding);
  const last = <T>(items: readonly T[]): T => {
    const item = items.at(-1);
    if (item === undefined) throw new Error('There is none');
    return item;
  };
  const indexOf = (events: readonly TaskEvent[], type: string, stage: string) =>
    events.findIndex((event) => event.type === type && event.stage === stage);

  it.each<[string, TaskFacts, string[]]>([
    ['a task that has not ended', { ...good, status: 'in_progress' }, ['I1', 'I2']],
    ['a task that ended twice', withEvents(good, (all) => [...all, last(all)]), ['I2']],
    ['another status in the row than in the event', { ...good, status: 'failed' }, ['I2']],
    [
      'an event after the end',
      withEvents(good, (all) => [...all, { ...last(all), type: 'stage.skipped' }]),
      ['I2'],
    ],
    [
      'a gap in the numbers',
      { ...good, events: good.events.filter(({ seq }) => seq !== 3) },
      ['I2', 'I4'],
    ],
    [
      'an answer nobody asked for',
      withEvents(good, (all) =>
        all.filter(({ type, stage }) => type !== 'stage.requested' || stage !== 'web_search'),
      ),
      ['I3'],
    ],
    [
      'a stage that started before what it depends on',
      withEvents(good, (all) => {
        const at = indexOf(all, 'stage.requested', 'embedding_lookup');
        const [early] = all.splice(at, 1);
        return early ? [...all.slice(0, 1), early, ...all.slice(1)] : all;
      }),
      ['I4'],
    ],
    [
      'an attempt that was answered twice',
      withEvents(good, (all) => {
        const at = indexOf(all, 'stage.completed', 'embedding_lookup');
        const twice = all[at];
        return twice ? [...all.slice(0, at), twice, ...all.slice(at)] : all;
      }),
      ['I5'],
    ],
    [
      'a stale attempt that changed the task',
      withEvents(good, (all) =>
        all.map((event) =>
          event.type === 'stage.completed' &&
          event.stage === 'executor_reasoning' &&
          event.attempt === 2
            ? { ...event, attempt: 1 }
            : event,
        ),
      ),
      ['I5'],
    ],
    [
      'a report of nothing that was asked for',
      { ...good, reported: [...good.reported, { stage: 'embedding_lookup', attempt: 7 }] },
      ['I3'],
    ],
    ['a stage that completed without a report', { ...good, reported: [] }, ['I3']],
  ])('finds %s', (_case, task, expected) => {
    expect(invariantsOf(task).sort()).toEqual([...expected].sort());
  });

  it('finds more attempts than a stage may have', () => {
    const { template } = run('simple_lookup', plain);
    const requested = (attempt: number) => ({
      taskId: TASK_ID,
      seq: 0,
      type: 'stage.requested' as const,
      stage: 'embedding_lookup',
      attempt,
      at: new Date(0).toISOString(),
      data: {},
    });
    const task = withEvents(run('simple_lookup', plain), ([created, first, ...rest]) =>
      created && first ? [created, first, requested(2), requested(3), ...rest] : [],
    );
    expect(template.stages.find(({ name }) => name === 'embedding_lookup')?.retry.limit).toBe(1);
    expect(invariantsOf(task)).toContain('I6');
  });
});
