import { STAGE_NAMES } from '@askflash/contracts';
import type { z } from 'zod';
import { checkExpression } from './expression';
import { cycleThrough, upstreamOf } from './graph';
import { EXECUTOR, MODERATION, WEB_SEARCH } from './stage-roles';
import { type TaskTemplate, taskTemplate } from './template';

/** What can be wrong with a template. */
export type TemplateProblemCode =
  /** A field is missing, unknown, or of the wrong type or size. */
  | 'SHAPE_INVALID'
  /** A time-out below 10 ms or above 24 h. */
  | 'TIMEOUT_UNREASONABLE'
  /** The first pause before a retry is longer than the longest. */
  | 'BACKOFF_UNREASONABLE'
  /** No agent works this stage off, nor does the coordinator. */
  | 'STAGE_UNKNOWN'
  | 'STAGE_DOUBLED'
  | 'DEPENDENCY_UNKNOWN'
  | 'DEPENDENCY_DOUBLED'
  /** Stages wait for each other. */
  | 'CYCLE'
  /** The stage waits for one that can never start. */
  | 'STAGE_UNREACHABLE'
  /** `when` is no expression that can be true or false. */
  | 'CONDITION_INVALID'
  /** `when` asks about the output of a stage that need not have run by then. */
  | 'CONDITION_NOT_UPSTREAM'
  /** A condition of the template can never apply. */
  | 'CONDITION_USELESS';

/** One thing that is wrong with a template. */
export interface TemplateProblem {
  readonly code: TemplateProblemCode;
  /** Keys and indices from the outside in, joined by dots: `stages.2.dependsOn.0`. */
  readonly path: string;
  readonly message: string;
}

export type TemplateValidation =
  | { readonly ok: true; readonly template: TaskTemplate }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] };

/**
 * Checks that a candidate has a template's shape and that its stages make a DAG that can run, and
 * returns it with its defaults filled in, or all its problems. Where the shape is wrong already,
 * the DAG is not looked at.
 *
 * @param known the stages a template may name; those of the contracts where not given
 */
export function validateTemplate(
  candidate: unknown,
  known: { readonly stages: readonly string[] } = { stages: STAGE_NAMES },
): TemplateValidation {
  const parsed = taskTemplate.safeParse(candidate);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map(shapeProblem) };
  const template = parsed.data;
  const problems = [
    ...nameProblems(template, known.stages),
    ...dependencyProblems(template),
    ...orderProblems(template),
    ...backoffProblems(template),
    ...conditionProblems(template),
  ];
  return problems.length === 0 ? { ok: true, template } : { ok: false, problems };
}

function shapeProblem({ code, path, message }: z.core.$ZodIssue): TemplateProblem {
  const outOfBounds = code === 'too_small' || code === 'too_big';
  return {
    code: outOfBounds && path.at(-1) === 'timeoutMs' ? 'TIMEOUT_UNREASONABLE' : 'SHAPE_INVALID',
    path: path.join('.') || '(template)',
    message,
  };
}

function* nameProblems(
  { stages }: TaskTemplate,
  known: readonly string[],
): Generator<TemplateProblem> {
  for (const [index, { name }] of stages.entries()) {
    const path = `stages.${index}.name`;
    if (stages.findIndex((stage) => stage.name === name) < index) {
      yield { code: 'STAGE_DOUBLED', path, message: `${name} is there already` };
    }
    if (!known.includes(name)) {
      const message = `nobody works ${name} off; known are ${known.join(', ')}`;
      yield { code: 'STAGE_UNKNOWN', path, message };
    }
  }
}

function* dependencyProblems({ stages }: TaskTemplate): Generator<TemplateProblem> {
  for (const [index, { dependsOn }] of stages.entries()) {
    for (const [place, name] of dependsOn.entries()) {
      const path = `stages.${index}.dependsOn.${place}`;
      if (dependsOn.indexOf(name) < place) {
        yield { code: 'DEPENDENCY_DOUBLED', path, message: `${name} is there already` };
      }
      if (!stages.some((stage) => stage.name === name)) {
        const message = `the template has no stage ${name}`;
        yield { code: 'DEPENDENCY_UNKNOWN', path, message };
      }
    }
  }
}

function* orderProblems({ stages }: TaskTemplate): Generator<TemplateProblem> {
  const names = new Set(stages.map(({ name }) => name));
  const inCycle = new Set([...names].filter((name) => upstreamOf(stages, name).has(name)));
  const told = new Set<string>();
  for (const [index, { name, dependsOn }] of stages.entries()) {
    const path = `stages.${index}.dependsOn`;
    if (inCycle.has(name)) {
      if (told.has(name)) continue;
      const cycle = cycleThrough(stages, name) ?? [name];
      cycle.forEach((member) => told.add(member));
      yield { code: 'CYCLE', path, message: `${cycle.join(' → ')} wait for each other` };
      continue;
    }
    const blocker = [...upstreamOf(stages, name)].find(
      (above) => inCycle.has(above) || (!names.has(above) && !dependsOn.includes(above)),
    );
    if (blocker === undefined) continue;
    const message = `${name} waits for ${blocker}, which can never complete`;
    yield { code: 'STAGE_UNREACHABLE', path, message };
  }
}

function* backoffProblems({ stages, conditions }: TaskTemplate): Generator<TemplateProblem> {
  const limits = [
    ...stages.map(({ retry }, index) => ({ retry, path: `stages.${index}.retry.backoffMs` })),
    ...(conditions.webSearchOnDemand
      ? [
          {
            retry: conditions.webSearchOnDemand.retry,
            path: 'conditions.webSearchOnDemand.retry.backoffMs',
          },
        ]
      : []),
  ];
  for (const { retry, path } of limits) {
    if (retry.backoffMs <= retry.maxBackoffMs) continue;
    const message = `${retry.backoffMs} ms is longer than maxBackoffMs, ${retry.maxBackoffMs} ms`;
    yield { code: 'BACKOFF_UNREASONABLE', path, message };
  }
}

function* conditionProblems({ stages, conditions }: TaskTemplate): Generator<TemplateProblem> {
  for (const [index, { name, when }] of stages.entries()) {
    if (when === undefined) continue;
    const path = `stages.${index}.when`;
    const checked = checkExpression(when);
    if (!checked.ok) {
      yield { code: 'CONDITION_INVALID', path, message: checked.message };
      continue;
    }
    const upstream = upstreamOf(stages, name);
    for (const asked of checked.stages.filter((each) => !upstream.has(each))) {
      const message = `${name} does not depend on ${asked}, so its output may not be there yet`;
      yield { code: 'CONDITION_NOT_UPSTREAM', path, message };
    }
  }
  const useless = (key: string, message: string): TemplateProblem => ({
    code: 'CONDITION_USELESS',
    path: `conditions.${key}`,
    message,
  });
  const { minConfidence, maxRevisions, webSearchOnDemand } = conditions;
  if (minConfidence !== undefined && !upstreamOf(stages, MODERATION).has(EXECUTOR)) {
    yield useless('minConfidence', `the template needs ${MODERATION} after ${EXECUTOR}`);
  }
  if (maxRevisions !== undefined && minConfidence === undefined) {
    yield useless('maxRevisions', 'there are no revisions without minConfidence');
  }
  if (webSearchOnDemand === undefined) return;
  if (!stages.some(({ name }) => name === EXECUTOR)) {
    yield useless('webSearchOnDemand', `only ${EXECUTOR} asks for it, and the template has none`);
  }
  if (stages.some(({ name }) => name === WEB_SEARCH)) {
    yield useless('webSearchOnDemand', `the template has ${WEB_SEARCH} already`);
  }
}
