import type { TaskTemplate } from '@askflash/dag-templates';
import { ChaosRigBrokenError } from '../errors';

/** Stores the templates of a run, each as a new version. */
export async function storeTemplates(
  coordinatorUrl: string,
  templates: readonly TaskTemplate[],
): Promise<void> {
  for (const { name, description, stages, conditions } of templates) {
    const response = await fetch(`${coordinatorUrl}/templates/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ description, stages, conditions }),
    });
    if (response.ok) continue;
    throw new ChaosRigBrokenError(`Template ${name} is refused: ${await response.text()}`);
  }
}
