import {
  type Failure,
  type JsonObject,
  type TaskEvent,
  type TaskEventType,
  type TerminalTaskStatus,
  isTerminal,
} from '@askflash/contracts';
import { effectiveStages } from './effective-stages';
import { FAILURES } from './failures';
import { type StageState, type TaskState, findStage } from './task-state';
import type { TaskTemplate, TemplateStage } from './template';
import type { Command, Transition } from './transition';

/**
 * One transition in the making: a copy of the state that the rules change, and what they emit
 * meanwhile. The state it was made from stays as it is.
 */
export class Draft {
  readonly state: TaskState;
  private readonly events: TaskEvent[] = [];
  private readonly commands: Command[] = [];

  constructor(
    readonly template: TaskTemplate,
    state: TaskState,
    readonly now: number,
  ) {
    const stages = Object.entries(state.stages).map(([name, stage]) => [name, { ...stage }]);
    this.state = { ...state, stages: Object.fromEntries(stages) };
  }

  /** Definitions of all stages the task has by now. */
  get stages(): readonly TemplateStage[] {
    return effectiveStages(this.template, this.state);
  }

  get hasEnded(): boolean {
    return isTerminal(this.state.status);
  }

  /** Whether the whole task's time is up. */
  get isOverdue(): boolean {
    return this.state.deadlineAt !== null && this.now >= this.state.deadlineAt;
  }

  stageState(name: string): StageState | undefined {
    return findStage(this.state, name);
  }

  /** Adds the task's next event. */
  emit(
    type: TaskEventType,
    data: JsonObject,
    { stage = null, attempt = null }: { stage?: string | null; attempt?: number | null } = {},
  ): void {
    this.state.seq += 1;
    const at = isoTime(this.now);
    this.events.push({
      taskId: this.state.taskId,
      seq: this.state.seq,
      type,
      stage,
      attempt,
      at,
      data,
    });
  }

  command(command: Command): void {
    this.commands.push(command);
  }

  complete(result: JsonObject): void {
    this.finish('complete', result, null);
  }

  fail(error: Failure): void {
    this.finish('failed', null, error);
  }

  failOverdue(): void {
    this.fail({
      code: FAILURES.taskDeadlineExceeded.code,
      message: 'The task did not end by its deadline',
    });
  }

  abort(reason: string): void {
    this.finish('aborted', null, { code: FAILURES.taskAborted.code, message: reason });
  }

  toTransition(): Transition {
    const { state, events, commands } = this;
    return { outcome: 'applied', state, events, commands };
  }

  private finish(
    status: TerminalTaskStatus,
    result: JsonObject | null,
    error: Failure | null,
  ): void {
    Object.assign(this.state, { status, result, error });
    this.emit('task.finished', error === null ? { status } : { status, error });
    this.command({ type: 'finish', status, result, error });
  }
}

/** Epoch milliseconds as ISO 8601 in UTC. */
export function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}
