import { describeError } from '@askflash/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import { PartFailure, ScenarioTimedOutError } from './errors';
import type { Failure, Finding, Report, Scenario, ScenarioResult } from './scenario';

/**
 * Runs scenarios one after the other. One that fails does not stop those that do not need it.
 *
 * @param onResult called as each ends
 */
export async function runScenarios<Subject>(
  scenarios: readonly Scenario<Subject>[],
  subject: Subject,
  onResult: (result: ScenarioResult) => void = () => undefined,
): Promise<Report> {
  const startedAt = performance.now();
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const blockedBy = scenario.needs.filter((name) => !hasPassed(results, name));
    const result =
      blockedBy.length > 0 ? notRun(scenario, blockedBy) : await run(scenario, subject);
    results.push(result);
    onResult(result);
  }
  return {
    status: results.every(({ status }) => status === 'passed') ? 'passed' : 'failed',
    durationMs: Math.round(performance.now() - startedAt),
    scenarios: results,
  };
}

function hasPassed(results: readonly ScenarioResult[], name: string): boolean {
  return results.some((result) => result.name === name && result.status === 'passed');
}

function notRun(
  { name, title }: Pick<Scenario<never>, 'name' | 'title'>,
  blockedBy: readonly string[],
): ScenarioResult {
  return { name, title, status: 'not-run', durationMs: 0, blockedBy };
}

async function run<Subject>(
  scenario: Scenario<Subject>,
  subject: Subject,
): Promise<ScenarioResult> {
  const { name, title } = scenario;
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    const finding = await withinTime(scenario, subject);
    return { name, title, status: 'passed', durationMs: durationMs(), finding };
  } catch (error) {
    return {
      name,
      title,
      status: 'failed',
      durationMs: durationMs(),
      failure: why(scenario, error),
    };
  }
}

function why({ part, remedy }: Pick<Scenario<never>, 'part' | 'remedy'>, error: unknown): Failure {
  if (error instanceof PartFailure)
    return { part: error.part, remedy, ...describeError(error.cause) };
  return { part, remedy, ...describeError(error) };
}

async function withinTime<Subject>(
  scenario: Scenario<Subject>,
  subject: Subject,
): Promise<Finding> {
  const ended = new AbortController();
  const timeUp = delay(scenario.timeoutMs, undefined, { signal: ended.signal }).then(() => {
    throw new ScenarioTimedOutError(scenario.title, scenario.timeoutMs);
  });
  timeUp.catch(() => undefined);
  try {
    return await Promise.race([scenario.run(subject), timeUp]);
  } finally {
    ended.abort();
  }
}
