import { eventually } from '@askflash/testing';
import { explanation, type Cause, type Explanation } from '../src/why/dto';
import type { RunningCoordinator } from './running-coordinator';

/** Asks why a task waits. */
export async function askWhy({ url }: RunningCoordinator, id: string): Promise<Explanation> {
  const response = await fetch(`${url}/tasks/${id}/why`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return explanation.parse(await response.json());
}

/** The causes that are not explained by further ones, in their order. */
export function endsOf(causes: readonly Cause[]): Cause[] {
  return causes.flatMap((cause) => (cause.type === 'dependency' ? endsOf(cause.because) : [cause]));
}

/** Waits until these causes are told, and no others. */
export function untilWhy(
  coordinator: RunningCoordinator,
  id: string,
  causes: readonly object[],
): Promise<Explanation> {
  return eventually(
    async () => {
      const explained = await askWhy(coordinator, id);
      expect(endsOf(explained.waitingFor)).toMatchObject(causes);
      return explained;
    },
    { timeoutMs: 30_000, intervalMs: 100, what: `the reasons of task ${id}` },
  );
}
