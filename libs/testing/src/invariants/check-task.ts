import { COORDINATOR_STAGES, isTerminal, type TaskEvent } from '@askflash/contracts';
import { attemptLimit } from '@askflash/dag-templates';
import { Dependencies } from './dependencies';
import type { TaskFacts } from './task-facts';
import type { Invariant, Violation } from './violation';

/** What of I1–I6 does not hold of one task that nothing is going on with any more. */
export function checkTask(task: TaskFacts): Violation[] {
  return [
    ...checkEnd(task),
    ...checkNumbers(task),
    ...checkAttempts(task),
    ...checkOrder(task),
    ...checkReports(task),
  ].map(([invariant, what]) => ({ invariant, taskId: task.id, what }));
}

type Finding = readonly [Invariant, string];

function* checkEnd({ status, events }: TaskFacts): Generator<Finding> {
  if (!isTerminal(status)) yield ['I1', `it is ${status}`];
  const ends = events.filter(({ type }) => type === 'task.finished');
  if (isTerminal(status) && ends.length !== 1) yield ['I2', `it ended ${ends.length} times`];
  if (ends.length > 0 && events.at(-1)?.type !== 'task.finished') {
    yield ['I2', `${events.at(-1)?.type} came after its end`];
  }
  if (ends.some(({ data }) => data['status'] !== status)) {
    yield ['I2', `its last event says another status than its row, ${status}`];
  }
}

function* checkNumbers({ eventSeq, events }: TaskFacts): Generator<Finding> {
  const numbers = events.map(({ seq }) => seq);
  const isGapless = numbers.every((seq, index) => seq === index + 1);
  if (!isGapless || numbers.length !== eventSeq) {
    yield ['I2', `its events are numbered ${numbers.join(', ')}, its row says ${eventSeq}`];
  }
}

/** Requests count up; each is answered once, while it is the latest, and there are not too many. */
function* checkAttempts({ template, events }: TaskFacts): Generator<Finding> {
  const requested = new Map<string, number>();
  const answered = new Set<string>();
  for (const { type, stage, attempt } of events) {
    if (stage === null || attempt === null) continue;
    const latest = requested.get(stage) ?? 0;
    const place = `attempt ${attempt} of ${stage}`;
    if (type === 'stage.requested') {
      if (attempt !== latest + 1) yield ['I5', `${place} was requested after attempt ${latest}`];
      const limit = attemptLimit(template, stage);
      if (attempt > limit) yield ['I6', `${place} was requested, the limit is ${limit}`];
      requested.set(stage, attempt);
    } else if (type === 'stage.completed' || type === 'stage.failed') {
      if (attempt > latest) yield ['I3', `${place} was answered and never requested`];
      if (attempt < latest) yield ['I5', `${place} changed the task after attempt ${latest}`];
      if (answered.has(place)) yield ['I5', `${place} changed the task twice`];
      answered.add(place);
    }
  }
}

function* checkOrder({ template, events }: TaskFacts): Generator<Finding> {
  const dependencies = new Dependencies(template);
  for (const event of events) {
    const missing = dependencies.follow(event);
    if (missing.length > 0) {
      yield ['I4', `${event.stage} was requested before ${missing.join(', ')} had completed`];
    }
  }
}

/** What agents reported and what the events say are the same. */
function* checkReports({ events, reported }: TaskFacts): Generator<Finding> {
  const isBy = ({ stage, attempt }: Pick<TaskEvent, 'stage' | 'attempt'>) => {
    return (other: Pick<TaskEvent, 'stage' | 'attempt'>) =>
      other.stage === stage && other.attempt === attempt;
  };
  for (const report of reported) {
    if (!events.some(isBy(report))) {
      yield ['I3', `a report of ${report.stage} is recorded that it never asked for`];
    }
  }
  for (const event of events) {
    const { type, stage, attempt } = event;
    if (type !== 'stage.completed' || stage === null || COORDINATOR_STAGES.includes(stage))
      continue;
    if (!reported.some(isBy(event))) {
      yield ['I3', `attempt ${attempt} of ${stage} completed without a report`];
    }
  }
}
