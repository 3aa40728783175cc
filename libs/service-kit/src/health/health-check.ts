import { describeError } from '../failure/describe-error';
import { HealthCheckTimedOutError } from '../errors';
import { within } from '../within';

/** What a check found out besides "it works": versions, counts. */
export type HealthDetail = Readonly<Record<string, unknown>>;

/** One thing an app cannot work without. */
export interface HealthCheck {
  /** As readiness and metrics call it: `postgres`. */
  readonly name: string;
  /** How long it may take; the module's `timeoutMs` where not given. */
  readonly timeoutMs?: number;
  /**
   * Asks the dependency over the connection that the app really uses, and throws where it is not
   * usable. An error's message is the reason shown, a BackboneError's remedy is shown with it.
   *
   * @param signal aborted when the time is up
   */
  check(signal: AbortSignal): Promise<HealthDetail | void>;
}

/** How one check went. */
export interface HealthCheckResult {
  readonly status: 'up' | 'down';
  readonly latencyMs: number;
  readonly detail?: HealthDetail;
  /** Of the error, where it is down: `DATABASE_UNAVAILABLE`. */
  readonly code?: string;
  readonly reason?: string;
  readonly remedy?: string;
}

/** How all checks went: `ok` where every one is up. */
export interface HealthReport {
  readonly status: 'ok' | 'error';
  readonly checks: Readonly<Record<string, HealthCheckResult>>;
}

/** Runs all checks at the same time, each within its own time-out; never throws. */
export async function runHealthChecks(
  checks: readonly HealthCheck[],
  timeoutMs: number,
): Promise<HealthReport> {
  const results = await Promise.all(
    checks.map(async (check) => [check.name, await runOne(check, timeoutMs)] as const),
  );
  const status = results.every(([, result]) => result.status === 'up') ? 'ok' : 'error';
  return { status, checks: Object.fromEntries(results) };
}

async function runOne(check: HealthCheck, timeoutMs: number): Promise<HealthCheckResult> {
  const startedAt = performance.now();
  const latencyMs = () => Math.round((performance.now() - startedAt) * 10) / 10;
  try {
    const detail = await withinTime(check, check.timeoutMs ?? timeoutMs);
    return { status: 'up', latencyMs: latencyMs(), ...(detail && { detail }) };
  } catch (error) {
    const { code, message, remedy } = describeError(error);
    return {
      status: 'down',
      latencyMs: latencyMs(),
      code,
      reason: message,
      ...(remedy && { remedy }),
    };
  }
}

function withinTime(check: HealthCheck, timeoutMs: number): Promise<HealthDetail | void> {
  const timeUp = new AbortController();
  const ask = async () => check.check(timeUp.signal);
  return within(timeoutMs, ask(), () => {
    timeUp.abort();
    throw new HealthCheckTimedOutError(timeoutMs);
  });
}
