import pc from 'picocolors';
import type { Report, ScenarioResult } from './scenario';

const TITLE_WIDTH = 34;
const TIME_WIDTH = 9;

/** A scenario's line of the table, with what failed and what to do below it. */
export function resultLines(result: ScenarioResult, number: number): string[] {
  const { title, status, finding, failure, blockedBy } = result;
  const head = `${String(number).padStart(2)} ${title.padEnd(TITLE_WIDTH)}`;
  if (status === 'not-run') {
    return [pc.dim(` - ${head}${'not run'.padStart(TIME_WIDTH)}  needs ${blockedBy?.join(', ')}`)];
  }
  const time = milliseconds(result.durationMs);
  if (failure) {
    return [
      pc.red(` ✗ ${head}${time}  ${failure.part}: ${failure.code}`),
      `      ${failure.message}`,
      `      ${pc.bold('what to do:')} ${failure.remedy}`,
    ];
  }
  const steps = finding?.steps ?? [];
  return [
    `${pc.green(' ✓')} ${head}${time}  ${pc.dim(finding?.summary ?? '')}`,
    ...steps.map(({ name, durationMs }) =>
      pc.dim(`      ${name.padEnd(TITLE_WIDTH)}${milliseconds(durationMs)}`),
    ),
  ];
}

/** The line under the table. */
export function closingLine({ scenarios, durationMs }: Report): string {
  const count = (status: ScenarioResult['status']) =>
    scenarios.filter((result) => result.status === status).length;
  const passed = `${count('passed')} of ${scenarios.length} scenarios passed in ${durationMs} ms`;
  return count('passed') === scenarios.length ? pc.green(passed) : pc.red(passed);
}

function milliseconds(duration: number): string {
  return `${Math.round(duration)} ms`.padStart(TIME_WIDTH);
}
