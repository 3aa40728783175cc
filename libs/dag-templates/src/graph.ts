/** The part of a stage that makes the DAG. */
interface Node {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** Names of all that a stage depends on, directly or not; holds the stage itself in a cycle only. */
export function upstreamOf(stages: readonly Node[], name: string): Set<string> {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  return reach(name, (next) => byName.get(next)?.dependsOn ?? []);
}

/** Names of all that depend on a stage, directly or not. */
export function downstreamOf(stages: readonly Node[], name: string): Set<string> {
  return reach(name, (next) =>
    stages.filter(({ dependsOn }) => dependsOn.includes(next)).map((stage) => stage.name),
  );
}

/** The stages, each after all it depends on, else in their own order; those that never start left out. */
export function topologicalOrder<Stage extends Node>(stages: readonly Stage[]): Stage[] {
  const ordered: Stage[] = [];
  const placed = new Set<string>();
  let waiting = [...stages];
  for (;;) {
    const free = waiting.filter(({ dependsOn }) => dependsOn.every((name) => placed.has(name)));
    if (free.length === 0) return ordered;
    free.forEach((stage) => placed.add(stage.name));
    ordered.push(...free);
    waiting = waiting.filter((stage) => !placed.has(stage.name));
  }
}

/** A shortest way from a stage over what it depends on back to itself; undefined where there is none. */
export function cycleThrough(stages: readonly Node[], name: string): string[] | undefined {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const seen = new Set<string>();
  let paths = [[name]];
  while (paths.length > 0) {
    const longer: string[][] = [];
    for (const path of paths) {
      for (const next of byName.get(path[path.length - 1] ?? name)?.dependsOn ?? []) {
        if (next === name) return [...path, name];
        if (seen.has(next)) continue;
        seen.add(next);
        longer.push([...path, next]);
      }
    }
    paths = longer;
  }
  return undefined;
}

function reach(start: string, neighbours: (name: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of neighbours(name)) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
