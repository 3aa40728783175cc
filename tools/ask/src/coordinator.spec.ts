import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { taskView, type ProgressEvent, type TaskEvent, type TaskView } from '@askflash/contracts';
import { serve, type LocalServer } from '../test/server';
import { ask } from './ask';
import { Coordinator } from './coordinator';
import {
  CoordinatorAnswerUnreadableError,
  CoordinatorRefusedError,
  CoordinatorUnreachableError,
  WaitInterruptedError,
} from './errors';
import { EventReport, answerText, outcomeJson } from './report';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const NOW = '2024-05-01T10:00:00.000Z';
const TASK = { query: 'How do I stop it?', userId: 'ada', template: 'quick_answer' };
const SOURCE = { path: 'use.md', heading: 'Stop' };
const VIEW: TaskView = {
  id: ID,
  userId: 'ada',
  query: TASK.query,
  template: { name: 'quick_answer', version: 1 },
  status: 'complete',
  priority: 5,
  retryOf: null,
  seq: 9,
  stages: [{ name: 'executor_reasoning', status: 'completed', attempt: 1, error: null }],
  result: { answer: 'Run `npm stop`. [1]', sources: [SOURCE], confidence: null },
  error: null,
  createdAt: NOW,
  updatedAt: NOW,
  deadlineAt: null,
  finishedAt: NOW,
};
const event = (seq: number, over: Partial<TaskEvent>): TaskEvent => ({
  taskId: ID,
  seq,
  type: 'task.created',
  stage: null,
  attempt: null,
  at: NOW,
  data: {},
  ...over,
});
const stage = { stage: 'executor_reasoning', attempt: 1 };
const EVENTS: [string, TaskEvent | ProgressEvent][] = [
  ['1-0', event(1, {})],
  ['2-0', event(2, { type: 'stage.requested', ...stage })],
  ['2-1', { type: 'progress', ...stage, message: 'Reading 3 passages' }],
  ['2-2', { type: 'token', ...stage, text: 'Run ' }],
  ['3-0', event(3, { type: 'stage.completed', ...stage, at: '2024-05-01T10:00:00.042Z' })],
  ['4-0', event(4, { type: 'task.finished', data: { status: 'complete' } })],
];
const sse = ([id, data]: [string, { type: string }]) =>
  `id: ${id}\nevent: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

describe('asking a coordinator', () => {
  let server: LocalServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  type Handler = (request: IncomingMessage, response: ServerResponse) => void;
  const routes = (over: Record<string, Handler> = {}): Record<string, Handler> => ({
    'POST /base/tasks': (_request, response) => {
      response.writeHead(202, { location: `/tasks/${ID}` }).end(JSON.stringify(VIEW));
    },
    [`GET /base/tasks/${ID}`]: (_request, response) => response.end(JSON.stringify(VIEW)),
    [`GET /base/tasks/${ID}/events`]: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: 1-5\nevent: not.known.yet\ndata: {}\n\n');
      for (const one of EVENTS) response.write(sse(one));
    },
    ...over,
  });

  const authorizations: (string | undefined)[] = [];

  async function start(
    over: Record<string, Handler> = {},
    signal = new AbortController().signal,
    apiKey?: string,
  ) {
    const table = routes(over);
    authorizations.length = 0;
    server = await serve((request, response) => {
      authorizations.push(request.headers.authorization);
      const handler = table[`${request.method} ${request.url}`];
      if (handler) handler(request, response);
      else response.writeHead(404).end();
    });
    return new Coordinator(`${server.url}/base`, signal, { patienceMs: 200, apiKey });
  }
  const silent = { onAccepted: () => undefined, onEvent: () => undefined };

  it('tells tokens as they come, apart from the lines around them', () => {
    const report = new EventReport();
    const about = { stage: 'executor_reasoning', attempt: 1 };
    const printed = [
      report.text({ ...about, type: 'token', text: 'Run ' }),
      report.text({ ...about, type: 'token', text: '`npm stop`.' }),
      report.text({ ...about, type: 'progress', message: 'Done' }),
    ].join('');
    expect(printed).toMatch(/^\S*\nRun \S*`npm stop`\.\S*\n\n.*Done.*\n$/);
  });

  it('does not repeat an answer that came by tokens', () => {
    const report = new EventReport();
    report.text({ stage: 'executor_reasoning', attempt: 1, type: 'token', text: 'Run it.\n' });
    const outcome = { task: taskView.parse(VIEW), answer: 'Run it.', sources: [] };
    expect(answerText(outcome, report)).toBe('');
    expect(answerText({ ...outcome, answer: 'Run that.' }, report)).toBe('\nRun that.\n');
  });

  it('aborts a task, and takes one that has ended for aborted', async () => {
    const reasons: string[] = [];
    const coordinator = await start({
      [`POST /base/tasks/${ID}/abort`]: async (request, response) => {
        reasons.push(JSON.parse(await text(request)).reason);
        response.writeHead(reasons.length === 1 ? 200 : 409).end('{}');
      },
    });
    await coordinator.abort(ID, 'Ctrl-C');
    await coordinator.abort(ID, 'again');
    expect(reasons).toEqual(['Ctrl-C', 'again']);
  });

  it('hands the question in, follows its task and brings answer and sources', async () => {
    let posted: unknown;
    const coordinator = await start({
      'POST /base/tasks': async (request, response) => {
        posted = JSON.parse(await text(request));
        response.writeHead(202).end(JSON.stringify({ id: ID, more: 'later' }));
      },
    });
    const report = new EventReport();
    const lines: string[] = [];
    const outcome = await ask(coordinator, TASK, {
      onAccepted: (id) => lines.push(id),
      onEvent: (one) => lines.push(...[report.text(one)].filter((printed) => printed !== '')),
    });
    expect(posted).toEqual(TASK);
    expect(lines).toEqual([
      ID,
      expect.stringContaining('→'),
      expect.stringContaining('Reading 3 passages'),
      expect.stringContaining('Run'),
      expect.stringMatching(/✓.* executor_reasoning .*42 ms/),
    ]);
    expect(answerText(outcome, report)).toMatch(
      /^\nRun `npm stop`\. \[1\]\n\n.*Sources.*\n {2}\[1\] use\.md.* — Stop.*\n$/,
    );
    expect(JSON.parse(outcomeJson(outcome))).toEqual({
      id: ID,
      status: 'complete',
      answer: 'Run `npm stop`. [1]',
      sources: [SOURCE],
      stages: VIEW.stages,
    });
  });

  it.each([
    ['its key', 'askflash_x', 'Bearer askflash_x'],
    ['no key where it has none', undefined, undefined],
  ])('shows %s with every request', async (_what, apiKey, header) => {
    await ask(await start({}, undefined, apiKey), TASK, silent);
    expect(authorizations).toEqual([header, header, header]);
  });

  it('brings a task that failed as it ended', async () => {
    const failed = { ...VIEW, status: 'failed', result: null };
    const coordinator = await start({
      [`GET /base/tasks/${ID}`]: (_request, response) => response.end(JSON.stringify(failed)),
    });
    expect(await ask(coordinator, TASK, silent)).toEqual({ task: failed, answer: '', sources: [] });
  });

  it('says so where no coordinator answers', async () => {
    const coordinator = await start();
    await server?.close();
    server = undefined;
    const asked = ask(coordinator, TASK, silent);
    await expect(asked).rejects.toThrow(CoordinatorUnreachableError);
    await expect(asked).rejects.toMatchObject({ exit: 'unavailable' });
  });

  it('says so where the coordinator goes away for good', async () => {
    const coordinator = await start({
      [`GET /base/tasks/${ID}/events`]: (request) => request.socket.destroy(),
    });
    await expect(ask(coordinator, TASK, silent)).rejects.toThrow(CoordinatorUnreachableError);
  });

  it('tells why a request is refused', async () => {
    const coordinator = await start({
      'POST /base/tasks': (_request, response) => {
        const problem = {
          title: 'Bad Request',
          detail: 'Validation failed',
          fields: { query: 'is empty' },
        };
        response.writeHead(400, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify(problem));
      },
    });
    const asked = ask(coordinator, TASK, silent);
    await expect(asked).rejects.toThrow(CoordinatorRefusedError);
    await expect(asked).rejects.toThrow('Validation failed; query: is empty');
  });

  it.each([
    ['the task', 'POST /base/tasks'],
    ['its end', `GET /base/tasks/${ID}`],
  ])('refuses an answer about %s that is none of a coordinator', async (_what, route) => {
    const coordinator = await start({ [route]: (_request, response) => response.end('<html>') });
    await expect(ask(coordinator, TASK, silent)).rejects.toThrow(CoordinatorAnswerUnreadableError);
  });

  it('stops waiting when it is interrupted', async () => {
    const interruption = new AbortController();
    const coordinator = await start(
      {
        [`GET /base/tasks/${ID}/events`]: (_request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.write(EVENTS.slice(0, 2).map(sse).join(''));
        },
      },
      interruption.signal,
    );
    const asked = ask(coordinator, TASK, {
      ...silent,
      onEvent: () => interruption.abort(new WaitInterruptedError(coordinator.taskUrl(ID))),
    });
    await expect(asked).rejects.toThrow(
      `Stopped waiting for the end of ${server?.url}/base/tasks/${ID}`,
    );
  });
});
