import type { ProgressEvent, TaskEvent, TaskView } from '@askflash/contracts';
import { parseTemplate, taskTemplate, validateTemplate } from '@askflash/dag-templates';
import { taskSummary } from '../tasks/dto';
import { EXPLANATION } from './why-example';

const TASK_ID = '019a0b6e-7c1d-7a3e-9f52-3d1f6a0c4b21';
const AT = '2026-01-31T09:30:00.000Z';
const LATER = '2026-01-31T09:30:01.250Z';

const TASK: TaskView = {
  id: TASK_ID,
  userId: 'ada',
  query: 'What is a quorum queue?',
  template: { name: 'quick_answer', version: 1 },
  status: 'in_progress',
  priority: 5,
  retryOf: null,
  seq: 4,
  stages: [
    { name: 'embedding_lookup', status: 'completed', attempt: 1, error: null },
    { name: 'executor_reasoning', status: 'requested', attempt: 1, error: null },
    { name: 'response_packaging', status: 'pending', attempt: 0, error: null },
  ],
  result: null,
  error: null,
  createdAt: AT,
  updatedAt: LATER,
  deadlineAt: null,
  finishedAt: null,
};

const SUMMARY = taskSummary.strip().parse(TASK);

const TEMPLATE = parseTemplate({
  ...TASK.template,
  description: 'A question answered from the knowledge at hand, unmoderated',
  stages: [
    { name: 'embedding_lookup', timeoutMs: 15_000 },
    { name: 'executor_reasoning', dependsOn: ['embedding_lookup'], timeoutMs: 60_000 },
    { name: 'response_packaging', dependsOn: ['executor_reasoning'], timeoutMs: 5_000 },
  ],
});
const BODY = taskTemplate.omit({ name: true, version: true }).strip().parse(TEMPLATE);
const BROKEN = {
  ...BODY,
  stages: BODY.stages.slice(0, 1).map((stage) => ({ ...stage, dependsOn: ['retrieval'] })),
};
const VALIDATION = validateTemplate({ ...BROKEN, name: 'broken', version: 1 });

const CREATED: TaskEvent = {
  taskId: TASK_ID,
  seq: 1,
  type: 'task.created',
  stage: null,
  attempt: null,
  at: AT,
  data: {},
};
const PROGRESS: ProgressEvent = {
  type: 'progress',
  stage: 'embedding_lookup',
  attempt: 1,
  message: 'Looking for passages',
  fraction: 0.5,
};

/** What a stream of events looks like. */
export const EVENTS_EXAMPLE = [
  `id: 1-0\nevent: task.created\ndata: ${JSON.stringify(CREATED)}`,
  `id: 2-1\nevent: progress\ndata: ${JSON.stringify(PROGRESS)}`,
  ': still here',
  '',
].join('\n\n');

const DEAD_LETTER = {
  id: '019a0b6e-7c2a-7c11-8d0e-1b2c3d4e5f60',
  type: 'stage.requested.v1',
  subject: TASK_ID,
  reason: 'delivery_limit',
  detail: null,
  queue: 'executor.task',
  exchange: 'mcp.tasks',
  routingKey: 'executor.task',
  deadAt: LATER,
  firstSeenAt: AT,
  deliveryCount: 5,
  redriveCount: 0,
  bytes: 412,
  bodyPreview: '{"taskId":"019a0b6e-7c1d-7a3e-9f52-3d1f6a0c4b21","stage":"executor_reasoning"}',
};

const NEXT = 'WyIyMDI2LTAxLTMxIiwibS0xIl0';

/** A request and an answer of each operation that takes or gives JSON, by its id. */
export const EXAMPLES: Readonly<Record<string, { request?: object; response?: object }>> = {
  tasksCreate: {
    request: { query: TASK.query, userId: TASK.userId },
    response: { ...TASK, status: 'waiting', seq: 1 },
  },
  tasksRead: { response: TASK },
  tasksList: { response: { tasks: [SUMMARY], next: null } },
  tasksAbort: {
    request: { reason: 'Asked by mistake' },
    response: { ...TASK, status: 'aborted', seq: 5, finishedAt: LATER },
  },
  tasksRetry: {
    request: { fromStage: 'executor_reasoning' },
    response: { ...TASK, id: '019a0b6f-0a52-7d10-9b3c-5e6f708192a3', retryOf: TASK_ID },
  },
  whyExplain: { response: EXPLANATION },
  templatesList: { response: { templates: [TEMPLATE] } },
  templatesRead: { response: TEMPLATE },
  templatesSave: { request: BODY, response: { ...TEMPLATE, version: 2 } },
  templatesValidate: {
    request: BROKEN,
    response: {
      valid: false,
      problems: VALIDATION.ok ? [] : VALIDATION.problems,
    },
  },
  deadLettersList: {
    response: { deadLetters: [DEAD_LETTER], next: NEXT, matching: 2, lookedAt: 3, complete: true },
  },
  deadLettersRedrive: {
    request: { filter: { queue: 'executor.task' }, dryRun: false, ratePerSecond: 10 },
    response: {
      dryRun: false,
      startedAt: AT,
      finishedAt: LATER,
      lookedAt: 3,
      complete: true,
      matching: 1,
      redriven: 1,
      failed: 0,
      left: 0,
      endedBy: 'done',
      items: [
        {
          id: DEAD_LETTER.id,
          type: DEAD_LETTER.type,
          subject: TASK_ID,
          queue: 'executor.task',
          reason: 'delivery_limit',
          outcome: 'redriven',
        },
      ],
    },
  },
  queuesOverview: {
    response: {
      management: 'ok',
      queues: [
        {
          name: 'executor.task',
          description: 'Stages for the executor agent',
          exists: true,
          ready: 2,
          unacknowledged: 10,
          consumers: 1,
          publishedPerSecond: 12.4,
          deliveredPerSecond: 11.8,
          acknowledgedPerSecond: 11.8,
          policy: 'mcp.task-queues',
        },
      ],
    },
  },
  analyticsTasks: {
    response: {
      hours: 24,
      rows: [
        {
          templateName: 'quick_answer',
          templateVersion: 1,
          status: 'complete',
          tasks: 128,
          avgDurationMs: 96.2,
          p50DurationMs: 81.5,
          p95DurationMs: 190.1,
          avgEvents: 8,
        },
      ],
    },
  },
  analyticsAgents: {
    response: {
      hours: 24,
      rows: [
        {
          agent: 'executor',
          stage: 'executor_reasoning',
          attempts: 130,
          completed: 128,
          failed: 2,
          avgDurationMs: 14.1,
          p50DurationMs: 11.9,
          p95DurationMs: 31.4,
          avgQueueWaitMs: 3.2,
          lastAt: LATER,
        },
      ],
    },
  },
};
