import { z } from 'zod';
import type { TaskEvent } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';

const given = z.object({ given: z.array(z.string()) });
const inserted = z.object({ before: z.string() });

/** Follows a task's events and knows at each which stages are done, to tell what started too early. */
export class Dependencies {
  private readonly dependsOn: Map<string, readonly string[]>;
  private readonly done = new Set<string>();

  constructor({ stages }: TaskTemplate) {
    this.dependsOn = new Map(stages.map(({ name, dependsOn }) => [name, dependsOn]));
  }

  /** The stages that an event should have waited for, and did not. */
  follow({ type, stage, data }: TaskEvent): string[] {
    switch (type) {
      case 'task.created':
        for (const name of given.safeParse(data).data?.given ?? []) this.done.add(name);
        return [];
      case 'stage.completed':
      case 'stage.skipped':
        this.done.add(stage ?? '');
        return [];
      case 'task.revised':
        this.reopen(stage ?? '');
        return [];
      case 'stage.inserted':
        this.insert(stage ?? '', inserted.parse(data).before);
        return [];
      case 'stage.requested':
        return this.of(stage ?? '').filter((name) => !this.done.has(name));
      default:
        return [];
    }
  }

  private of(stage: string): readonly string[] {
    return this.dependsOn.get(stage) ?? [];
  }

  private insert(stage: string, before: string): void {
    this.dependsOn.set(stage, this.of(before));
    this.dependsOn.set(before, [...this.of(before), stage]);
    this.reopen(before);
  }

  /** The stage and all that depends on it have to be done once more. */
  private reopen(stage: string): void {
    this.done.delete(stage);
    for (const [name, dependsOn] of this.dependsOn) {
      if (dependsOn.includes(stage)) this.reopen(name);
    }
  }
}
