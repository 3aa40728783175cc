import { downstreamOf } from './graph';
import { revisionLimit } from './revision';
import { EXECUTOR, WEB_SEARCH } from './stage-roles';
import type { TaskTemplate } from './template';

/**
 * The most attempts a stage can come to over a whole task: the retries and the first attempt of a
 * round, times the rounds it can have. 0 for a stage that the template cannot bring about.
 */
export function attemptLimit(template: TaskTemplate, name: string): number {
  const { stages, conditions } = template;
  const stage = stages.find((own) => own.name === name);
  if (stage === undefined) {
    const onDemand = name === WEB_SEARCH ? conditions.webSearchOnDemand : undefined;
    return onDemand ? onDemand.retry.limit + 1 : 0;
  }
  const reopens = name === EXECUTOR || downstreamOf(stages, EXECUTOR).has(name);
  const searches = conditions.webSearchOnDemand ? 1 : 0;
  const rounds = reopens ? 1 + revisionLimit(template) + searches : 1;
  return (stage.retry.limit + 1) * rounds;
}
