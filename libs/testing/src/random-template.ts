import { AGENTS, COORDINATOR_STAGES } from '@askflash/contracts';
import { validateTemplate, type TaskTemplate } from '@askflash/dag-templates';
import fc from 'fast-check';

const AGENT_STAGES = AGENTS.flatMap(({ stages }) => stages);

/** So short that what a fault loses is found again while the run lasts. */
const timeoutMs = fc.integer({ min: 2_000, max: 5_000 });

const retry = fc.record({
  limit: fc.integer({ min: 1, max: 3 }),
  backoffMs: fc.integer({ min: 50, max: 500 }),
  factor: fc.constantFrom(1, 2),
  maxBackoffMs: fc.constant(2_000),
});

/** Limits of a stage that is under faults: impatient, with another attempt at least. */
export const hastyLimits = fc.record({ timeoutMs, retry });

/** Any DAG of the known stages, with conditions where they make sense, to be run under faults. */
export const randomTemplate: fc.Arbitrary<TaskTemplate> = fc
  .record({
    names: fc.shuffledSubarray([...AGENT_STAGES], { minLength: 1 }),
    packs: fc.boolean(),
    /** Whether a stage depends on an earlier one, for every pair. */
    edges: fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
    limits: fc.array(hastyLimits, { minLength: 8, maxLength: 8 }),
    unsure: fc.option(fc.integer({ min: 0, max: 7 })),
    conditions: fc.record({
      minConfidence: fc.constant(0.3),
      maxRevisions: fc.integer({ min: 1, max: 2 }),
      webSearchOnDemand: hastyLimits,
    }),
  })
  .map(({ names, packs, edges, limits, unsure, conditions }) => {
    const all = packs ? [...names, ...COORDINATOR_STAGES] : names;
    const stages = all.map((name, index) => ({
      ...limits[index % limits.length],
      name,
      dependsOn: all.slice(0, index).filter((_earlier, place) => edges[(8 * index + place) % 64]),
      ...(index === unsure ? { when: 'has(input.deep) && input.deep' } : {}),
    }));
    const about = { name: 'random', version: 1, description: 'Random' };
    return withPossible(conditions, { ...about, stages });
  });

/** Leaves out the conditions that can never apply to these stages. */
function withPossible(
  conditions: Readonly<Record<string, unknown>>,
  template: Readonly<Record<string, unknown>>,
): TaskTemplate {
  let left = conditions;
  for (;;) {
    const validation = validateTemplate({ ...template, conditions: left });
    if (validation.ok) return validation.template;
    const useless = validation.problems.map(({ path }) => path.replace(/^conditions\./, ''));
    left = Object.fromEntries(Object.entries(left).filter(([name]) => !useless.includes(name)));
  }
}
