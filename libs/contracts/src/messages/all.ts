import type { Contract } from '../contract';
import { AGENT_HEARTBEAT } from './agent-heartbeat';
import { STAGE_COMPLETED } from './stage-completed';
import { STAGE_FAILED } from './stage-failed';
import { STAGE_REQUESTED } from './stage-requested';
import { TASK_FINISHED } from './task-finished';

/** Every contract of the backbone, in the order of a task's life. */
export const CONTRACTS: readonly Contract[] = [
  STAGE_REQUESTED,
  STAGE_COMPLETED,
  STAGE_FAILED,
  TASK_FINISHED,
  AGENT_HEARTBEAT,
];
