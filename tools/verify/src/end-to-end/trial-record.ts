import { JSON_OBJECT, isTerminal, type TaskEvent, type TaskView } from '@askflash/contracts';
import { stageViews, type TaskState, type TaskTemplate } from '@askflash/dag-templates';
import type { NewTask, TaskChange } from '@askflash/typeorm-entities';

/** Whose tasks verify makes. */
export const VERIFY_USER = 'verify';

/** A task of verify's own. */
export interface TrialRecord {
  readonly id: string;
  readonly template: TaskTemplate;
  readonly state: TaskState;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A task after a transition, and what happened in it. */
export interface TrialStep {
  readonly record: TrialRecord;
  readonly events: readonly TaskEvent[];
}

/** The row of a new task. Without `wakeAt`, so that no coordinator's poller takes it up. */
export function toRow(record: TrialRecord): NewTask {
  return {
    ...toChange(record),
    userId: VERIFY_USER,
    query: QUERY,
    input: {},
    templateName: record.template.name,
    templateVersion: record.template.version,
    priority: PRIORITY,
    idempotencyKey: null,
    requestHash: null,
    retryOf: null,
    traceparent: null,
    createdAt: record.createdAt,
  };
}

/** What a transition writes into the row. */
export function toChange({ id, state, updatedAt }: TrialRecord): TaskChange {
  return {
    id,
    status: state.status,
    state: JSON_OBJECT.parse(state),
    eventSeq: state.seq,
    result: state.result,
    error: state.error,
    wakeAt: null,
    deadlineAt: null,
    finishedAt: isTerminal(state.status) ? updatedAt : null,
  };
}

/** The live view of a task. */
export function toView({ id, template, state, createdAt, updatedAt }: TrialRecord): TaskView {
  return {
    id,
    userId: VERIFY_USER,
    query: QUERY,
    template: { name: template.name, version: template.version },
    status: state.status,
    priority: PRIORITY,
    retryOf: null,
    seq: state.seq,
    stages: stageViews(template, state),
    result: state.result,
    error: state.error,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    deadlineAt: null,
    finishedAt: isTerminal(state.status) ? updatedAt.toISOString() : null,
  };
}

const QUERY = 'Does the backbone work?';
const PRIORITY = 0;
