import { eventually } from '@askflash/testing';
import type { ConditionName } from '../src/conditions/condition';
import type { TestMonitor } from './monitor';

/** So quick that a test need not wait, and with a prompt round of canaries. */
export const QUICK = {
  HEALTH_MONITOR_INTERVAL_MS: '250',
  HEALTH_MONITOR_CANARY_INTERVAL_MS: '5000',
  HEALTH_MONITOR_AGENT_GONE_AFTER_MS: '10000',
};

/** The canary interval of `QUICK`. */
export const CANARY_INTERVAL_MS = Number(QUICK.HEALTH_MONITOR_CANARY_INTERVAL_MS);

/** The management API's figures are up to five seconds old. */
export const MANAGEMENT_LAG_MS = 6_000;

/** Waits until a condition is open for a subject, as `/metrics` tells. */
export async function untilOpen(
  monitor: TestMonitor,
  name: ConditionName,
  subject: string,
  timeoutMs = 20_000,
): Promise<void> {
  const what = `${name} of ${subject} to open`;
  await eventually(async () => (await openOnes(monitor)).has(`${name} ${subject}`), {
    timeoutMs,
    what,
  });
}

/** Waits until a condition is closed for a subject. */
export async function untilClosed(
  monitor: TestMonitor,
  name: ConditionName,
  subject: string,
  timeoutMs = 90_000,
): Promise<void> {
  const what = `${name} of ${subject} to close`;
  await eventually(async () => !(await openOnes(monitor)).has(`${name} ${subject}`), {
    timeoutMs,
    what,
  });
}

/** What is open: `<condition> <subject>` each. */
export async function openOnes(monitor: TestMonitor): Promise<Set<string>> {
  const text = await (await monitor.get('/metrics')).text();
  const series = text.matchAll(
    /^mcp_condition_open\{condition="(\w+)",subject="([^"]*)",.*\} 1$/gm,
  );
  return new Set([...series].map(([, condition, subject]) => `${condition} ${subject}`));
}
