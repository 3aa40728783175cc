import { newId } from '@askflash/config';
import type { StageCompleted } from '@askflash/contracts';
import { DEFAULT_TEMPLATES } from '@askflash/dag-templates';
import { begin } from './begin';
import { traceContextOf } from './trace-context';

const ROOT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const CAUSE = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';
const OTHER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const [template] = DEFAULT_TEMPLATES;
if (!template) throw new Error('There is no template');

const about = { id: newId(), userId: 'u', query: 'q', input: {}, priority: 5 };
const taskOf = (traceparent?: string) =>
  begin(
    {
      ...about,
      templateName: template.name,
      deadlineMs: undefined,
      idempotency: undefined,
      traceparent,
    },
    template,
    new Date(),
  ).task;
const report: StageCompleted = {
  taskId: about.id,
  stage: 'embedding_lookup',
  attempt: 1,
  agent: 'embedding',
  instanceId: newId(),
  startedAt: new Date().toISOString(),
  durationMs: 1,
  output: {},
};
const completed = (traceparent?: string) =>
  ({ type: 'stage.completed', taskId: about.id, report, traceparent }) as const;

describe('traceContextOf', () => {
  it('is that of the report, where it is of the task’s trace', () => {
    expect(traceContextOf(completed(CAUSE), taskOf(ROOT))).toBe(CAUSE);
  });

  it('is the task’s own, where an agent tells none or another', () => {
    expect(traceContextOf(completed(), taskOf(ROOT))).toBe(ROOT);
    expect(traceContextOf(completed(OTHER), taskOf(ROOT))).toBe(ROOT);
  });

  it('is the task’s own, where no message brought the event', () => {
    expect(traceContextOf({ type: 'tick', taskId: about.id }, taskOf(ROOT))).toBe(ROOT);
  });

  it('is none of a task that is in no trace', () => {
    expect(traceContextOf(completed(OTHER), taskOf())).toBeNull();
  });
});
