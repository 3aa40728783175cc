import { isTerminal } from '@askflash/contracts';
import { effectiveStages, findStage } from '@askflash/dag-templates';
import { brokerCauses, unsentCause } from './broker-causes';
import type { Cause, Explanation } from './dto';
import type { Facts } from './facts';
import { chainOf, isDone } from './stage-chain';
import { summarize } from './summarize';

/** Tells why a task waits. Pure: the same facts give the same explanation. It never throws. */
export function explain(facts: Facts): Explanation {
  const { at, task } = facts;
  const { state, template } = task;
  const stages = effectiveStages(template, state);
  const explained = {
    taskId: task.id,
    template: { name: template.name, version: template.version },
    status: state.status,
    at: at.toISOString(),
    ageMs: Math.max(0, at.getTime() - task.createdAt.getTime()),
    stages: {
      done: stages.filter(({ name }) => isDone(state, name)).length,
      count: stages.length,
    },
    waitingFor: isTerminal(state.status) ? endedCauses(facts) : runningCauses(facts),
    skipped: stages
      .filter(({ name }) => findStage(state, name)?.status === 'skipped')
      .map(({ name, when = null }) => ({ stage: name, when })),
    deadline: deadlineOf(facts),
  };
  return { ...explained, summary: summarize(explained) };
}

function endedCauses(facts: Facts): Cause[] {
  const { state, finishedAt, updatedAt } = facts.task;
  const unsent = facts.unconfirmed
    .filter(({ request }) => request === undefined)
    .flatMap((message) => unsentCause(facts, message));
  return [
    {
      type: 'ended',
      status: state.status,
      at: (finishedAt ?? updatedAt).toISOString(),
      error: state.error,
    },
    ...unsent,
    ...(unsent.length > 0 ? brokerCauses(facts, null) : []),
  ];
}

function runningCauses(facts: Facts): Cause[] {
  const deadline = deadlineOf(facts);
  const overdue: Cause[] =
    deadline === null || deadline.leftMs > 0
      ? []
      : [{ type: 'timing_out', stage: null, attempt: null, overdueMs: Math.abs(deadline.leftMs) }];
  return [...overdue, ...chainOf(facts)];
}

function deadlineOf({ at, task: { state } }: Facts): Explanation['deadline'] {
  const { deadlineAt, status } = state;
  if (deadlineAt === null || isTerminal(status)) return null;
  return {
    at: new Date(deadlineAt).toISOString(),
    leftMs: Math.round(deadlineAt - at.getTime()),
  };
}
