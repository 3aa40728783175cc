import { DEFAULT_TEMPLATES } from '../src/default-templates';
import type { TaskTemplate } from '../src/template';
import { World, type Seen } from './world';
import type { NewTask } from '../src/start-task';

/** A default template by its name. */
export function defaultTemplate(name: string): TaskTemplate {
  const found = DEFAULT_TEMPLATES.find((template) => template.name === name);
  if (!found) throw new Error(`There is no default template ${name}`);
  return found;
}

/** A task of a template, and the log of its events and commands in words. */
export function play(
  template: TaskTemplate,
  options: Partial<NewTask> = {},
): { world: World; log: string[] } {
  const log: string[] = [];
  const note = ({ transition }: Seen): void => {
    for (const { type, stage, attempt } of transition.events) {
      log.push([type, stage, attempt].filter((part) => part !== null).join(' '));
    }
    if (transition.outcome === 'ignored') log.push(`ignored: ${transition.reason}`);
  };
  return { world: new World(template, note, options), log };
}
