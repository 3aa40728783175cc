/**
 * Failures that the reducer itself states in a task's or a stage's `error`; the others are those
 * that agents report.
 */
export const FAILURES = {
  stageUnanswered: {
    code: 'STAGE_UNANSWERED',
    when: 'No answer to an attempt came within the stage’s `timeoutMs`.',
    remedy:
      'See that an agent for the stage runs and keeps up, or raise `timeoutMs` in a new version of the template.',
  },
  stageOutputInvalid: {
    code: 'STAGE_OUTPUT_INVALID',
    when: 'An agent’s output does not match what its stage owes.',
    remedy: 'Mend the agent; docs/reference/contracts.md has the schema of each stage’s output.',
  },
  stageConditionBroken: {
    code: 'STAGE_CONDITION_BROKEN',
    when: 'A stage’s `when` asked about what is not there, mixed types, or gave neither true nor false.',
    remedy:
      'Save a version of the template whose condition asks `has(…)` first, then hand the task in anew.',
  },
  taskDeadlineExceeded: {
    code: 'TASK_DEADLINE_EXCEEDED',
    when: 'A task had not ended when its deadline came.',
    remedy: 'Give the task more time, or see in its stages what took it.',
  },
  taskAborted: {
    code: 'TASK_ABORTED',
    when: 'Somebody aborted the task; the message says why.',
    remedy: 'Nothing; start a new task if it is still wanted.',
  },
} as const;
