import { moderationOutput } from '@askflash/contracts';
import {
  effectiveStages,
  findStage,
  type TaskState,
  type TemplateStage,
} from '@askflash/dag-templates';
import { attemptCauses } from './attempt-causes';
import type { Cause } from './dto';
import type { Facts } from './facts';

/** The stage that a revision and a web search on demand run again. */
const REVISED_STAGE = 'executor_reasoning';

/**
 * Why the stages that come last wait, from each down to what is at work or fails. A stage on which
 * several wait is told once, so that the chain is never longer than the DAG has edges.
 */
export function chainOf(facts: Facts): Cause[] {
  const { template, state } = facts.task;
  const open = effectiveStages(template, state).filter(({ name }) => !isDone(state, name));
  const byName = new Map(open.map((stage) => [stage.name, stage]));
  const told = new Set<string>();
  const causesOf = (stage: TemplateStage): Cause[] => {
    if (told.has(stage.name)) return [];
    told.add(stage.name);
    const needed = stage.dependsOn.flatMap((name) => byName.get(name) ?? []);
    return [
      ...detourCauses(facts, stage),
      ...needed.map((other) => ({
        type: 'dependency' as const,
        stage: stage.name,
        dependsOn: other.name,
        when: stage.when ?? null,
        because: causesOf(other),
      })),
      ...attemptCauses(facts, stage),
    ];
  };
  const neededBySome = new Set(open.flatMap(({ dependsOn }) => dependsOn));
  return open.filter(({ name }) => !neededBySome.has(name)).flatMap(causesOf);
}

/** Whether nothing waits for a stage any more. */
export function isDone(state: TaskState, name: string): boolean {
  const status = findStage(state, name)?.status;
  return status === 'completed' || status === 'skipped';
}

/** Why a stage runs that the straight way has behind it, or does not have. */
function detourCauses({ task: { state, template } }: Facts, { name }: TemplateStage): Cause[] {
  const { inserted, revisions, feedback } = state;
  const causes: Cause[] = inserted
    .filter(({ stage }) => stage.name === name)
    .map(({ before }) => ({ type: 'inserted', stage: name, before }));
  if (name === REVISED_STAGE && revisions > 0) {
    causes.push({
      type: 'revised',
      stage: name,
      revision: revisions,
      confidence: moderationOutput.safeParse(feedback).data?.confidence ?? null,
      minConfidence: template.conditions.minConfidence ?? null,
    });
  }
  return causes;
}
