import type { Plan } from '../plan/plan';

/** What a plan is going to do, for people. */
export function planLines({ seed, templates, layout, rounds }: Plan): string[] {
  return [
    `Seed ${seed}, ${rounds.length} rounds`,
    `Places: ${layout.places.map(({ name }) => name).join(', ')}`,
    ...templates.map(
      ({ name, stages }) =>
        `Template ${name}: ${stages.map((stage) => `${stage.name}(${stage.dependsOn.join(' ')})`).join(' ')}`,
    ),
    ...rounds.flatMap(({ round, forMs, tasks, faults }) => [
      '',
      `Round ${round}: ${tasks.length} tasks and ${faults.length} faults in ${forMs / 1000} s`,
      ...faults.map(
        ({ kind, target, atMs, forMs: heldMs }) =>
          `  ${(atMs / 1000).toFixed(1).padStart(5)} s  ${kind} of ${target}, ${heldMs} ms`,
      ),
    ]),
  ];
}
