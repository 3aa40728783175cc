import { check } from '../check/check';
import { ChaosRigBrokenError } from '../errors';
import { Client } from '../load/client';
import type { Plan } from '../plan/plan';
import type { Rig } from '../rig/rig';
import { forget } from './forget';
import { comeToRest } from './rest';

const WARM_UP_MS = 60_000;

/**
 * Has every template run once while nothing is harmed, so that every app has worked.
 *
 * @throws {ChaosRigBrokenError} where something does not hold already
 */
export async function warmUp(rig: Rig, { templates }: Plan): Promise<void> {
  const client = new Client(rig.coordinatorUrls);
  const tasks = templates.map(({ name }, index) => ({
    key: `warm-up-${index}`,
    atMs: 0,
    template: name,
    priority: 5,
    deadlineMs: undefined,
    abortAfterMs: undefined,
    input: { seed: index, deep: true },
  }));
  const signal = AbortSignal.timeout(WARM_UP_MS);
  await Promise.all(tasks.map((task) => client.handIn(task, signal)));
  const { busy } = await comeToRest(rig, WARM_UP_MS);
  const asked = tasks.map(({ key }) => key);
  const { findings } = await check({ rig, client, asked, wasCalm: () => true });
  if (busy !== null || findings.length > 0) {
    throw new ChaosRigBrokenError('Without any fault something does not hold', {
      fields: { busy, findings },
      cause: new Error(JSON.stringify(findings.slice(0, 3))),
    });
  }
  await forget(rig);
}
