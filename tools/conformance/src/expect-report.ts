import type { StageFailed } from '@askflash/contracts';
import type { Bench, SentRequest } from './bench';
import { ConformanceViolatedError, DirectiveIgnoredError } from './errors';
import type { StageReport } from './rig/event';

/** Checks that a report is of the attempt that was asked for, by the agent that was. */
export function expectOfAttempt(
  { options: { agent } }: Bench,
  { request }: SentRequest,
  { kind, payload }: Exclude<StageReport, { readonly kind: 'unreadable' }>,
): void {
  const wanted = { stage: request.stage, attempt: request.attempt, agent: agent.name };
  for (const [field, value] of Object.entries(wanted)) {
    const found = new Map<string, unknown>(Object.entries(payload)).get(field);
    if (found !== value) {
      throw new ConformanceViolatedError(
        `A ${kind} report names the ${field} ${String(found)} instead of ${value}`,
      );
    }
  }
}

/** Waits for the one failure that a directive asks for. */
export async function expectFailure(
  bench: Bench,
  sent: SentRequest,
): Promise<StageFailed['error']> {
  const report = await bench.report(sent);
  if (report.kind !== 'failed') {
    throw new DirectiveIgnoredError(
      'The agent was told to fail by input.conformance, and completed the stage',
    );
  }
  expectOfAttempt(bench, sent, report);
  await bench.noSecondReport(sent, 0);
  return report.payload.error;
}

/** Waits for the result of work that a directive makes last. */
export async function expectCompletedWork(
  bench: Bench,
  sent: SentRequest,
  ms: number,
): Promise<void> {
  const startedAt = performance.now();
  const report = await bench.report(sent);
  if (report.kind !== 'completed') {
    throw new ConformanceViolatedError(`Work of ${ms} ms has ${report.kind}`);
  }
  expectOfAttempt(bench, sent, report);
  if (performance.now() - startedAt < ms / 2 && report.payload.durationMs < ms / 2) {
    throw new DirectiveIgnoredError(
      `The agent was told by input.conformance to work for ${ms} ms, and did not`,
    );
  }
}
