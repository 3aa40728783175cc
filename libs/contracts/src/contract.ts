import { z } from 'zod';
import { ContractViolationError } from './errors';

/**
 * A versioned message: its CloudEvents `type`, the schema of its body, and where it goes.
 * A changed shape is a new contract (`…v2`), never an edited one.
 */
export interface Contract<Schema extends z.ZodType = z.ZodType, Type extends string = string> {
  /** CloudEvents `type`, version included: `stage.requested.v1`. */
  readonly type: Type;
  readonly description: string;
  readonly schema: Schema;
  readonly exchange: 'mcp.tasks' | 'mcp.events';
  /** Routing key of a payload. */
  readonly routingKey: (payload: z.output<Schema>) => string;
  /** CloudEvents `subject` of a payload, most often the task's id. */
  readonly subject: (payload: z.output<Schema>) => string;
}

export type PayloadOf<C extends Contract> = z.output<C['schema']>;

/**
 * Header that marks a message as a probe: whoever consumes it acknowledges it without handling it,
 * and answers on `mcp.events` under `replyTo`, where that is set.
 */
export const PROBE_HEADER = 'x-mcp-probe';

/** Header of the answer to a probe: the tag of the consumer that took it, an agent's instance id. */
export const CONSUMER_HEADER = 'x-mcp-consumer';

/** States a contract with its types inferred. */
export function defineContract<Schema extends z.ZodType, const Type extends string>(
  contract: Contract<Schema, Type>,
): Contract<Schema, Type> {
  return Object.freeze(contract);
}

/**
 * Checks a payload against its contract and returns it typed.
 *
 * @throws {ContractViolationError} with the first five issues as `path: message`
 */
export function parsePayload<C extends Contract>(contract: C, payload: unknown): PayloadOf<C>;
export function parsePayload(contract: Contract, payload: unknown): unknown {
  const parsed = contract.schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || '(body)'}: ${issue.message}`);
  throw new ContractViolationError(`Not a ${contract.type}: ${issues.join('; ')}`, {
    fields: { type: contract.type, issues },
  });
}
