import type { TaskFinished } from '@askflash/contracts';
import { DEFAULT_TEMPLATES, parseTemplate, type TaskTemplate } from '@askflash/dag-templates';
import { PartFailure } from '@askflash/scenario-kit';
import { selectTemplate } from '@askflash/typeorm-entities';
import type { EntityManager } from 'typeorm';
import { Probes } from '../end-to-end/probes';
import { publishAndTakeResponse } from '../end-to-end/take-response';
import { TrialStore } from '../end-to-end/trial-store';
import { runTrialTask } from '../end-to-end/trial-task';
import { TemplatesMissingError } from '../errors';
import type { Scenario } from '../scenario';
import type { Stack } from '../stack';

export const END_TO_END: Scenario = {
  name: 'end-to-end',
  title: 'End-to-end flow',
  part: 'end-to-end flow',
  needs: ['schema', 'redis-streams', 'redis-pubsub', 'queues', 'topology'],
  timeoutMs: 90_000,
  remedy: 'Look at the logs of the coordinator and of the servers.',
  async run(stack) {
    const { manager } = await stack.dataSource();
    const { parts, close } = await openParts(stack);
    const steps = [];
    try {
      await parts.store.removeLeftovers();
      for (const { name } of DEFAULT_TEMPLATES) {
        const startedAt = performance.now();
        await runTrialTask(await readTemplate(manager, name), parts).catch((cause: unknown) => {
          throw new PartFailure(`template ${name}`, cause);
        });
        steps.push({ name, durationMs: performance.now() - startedAt });
      }
    } finally {
      await close();
    }
    const standIns = parts.probes.queuesWithStandIn.join(', ') || 'none';
    return { summary: `${steps.length} templates; nobody consumes: ${standIns}`, steps };
  },
};

async function openParts(stack: Stack) {
  const [dataSource, redisTasks, broker, messaging] = await Promise.all([
    stack.dataSource(),
    stack.redisTasks(),
    stack.broker(),
    stack.messaging(),
  ]);
  const probes = new Probes(broker, messaging);
  const parts = {
    store: new TrialStore(dataSource, redisTasks),
    probes,
    redisTasks,
    respond: (response: TaskFinished) =>
      publishAndTakeResponse(response, { publisher: messaging.publisher, broker }),
  };
  return { parts, close: () => probes.close() };
}

async function readTemplate(manager: EntityManager, name: string): Promise<TaskTemplate> {
  const row = await selectTemplate(manager, name);
  if (!row) throw new TemplatesMissingError([name]);
  return parseTemplate(row.definition);
}
