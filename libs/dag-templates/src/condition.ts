import { firstLine, runExpression } from './expression';
import type { TaskState } from './task-state';
import type { TaskTemplate } from './template';
import { upstreamOutputs } from './upstream';

/** What a condition came to; `broken` where it cannot be told. */
export type Verdict =
  | { readonly outcome: 'true' }
  | { readonly outcome: 'false' }
  | { readonly outcome: 'broken'; readonly message: string };

/** Asks a stage's condition about the task's input and the outputs upstream of the stage. */
export function judge(
  condition: string,
  { template, state, stage }: { template: TaskTemplate; state: TaskState; stage: string },
): Verdict {
  try {
    const upstream = upstreamOutputs(template, state, stage);
    const holds = runExpression(condition, { input: state.input, upstream });
    return { outcome: holds ? 'true' : 'false' };
  } catch (error) {
    return { outcome: 'broken', message: firstLine(error) };
  }
}
