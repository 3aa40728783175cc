import { z } from 'zod';

/**
 * What the conformance run asks an agent to do with a stage, in the request's `input.conformance`:
 * the behaviour that no ordinary request can provoke in any agent. Heeded only by an agent that is
 * started with AGENT_CONFORMANCE=true.
 *
 * - `fail`: report an ordinary failure.
 * - `retry_later`: report a failure that is retryable, `ms` from now.
 * - `work`: be busy for `ms`, then work the stage off as always.
 */
export const conformanceDirective = z.strictObject({
  do: z.enum(['fail', 'retry_later', 'work']),
  /** In milliseconds. */
  ms: z.int().min(0).max(600_000).default(0),
});

export type ConformanceDirective = z.output<typeof conformanceDirective>;
