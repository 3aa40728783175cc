import { conformanceDirective } from '@askflash/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { RetryLaterError, StageConformanceFailureError } from './errors';
import type { InvokeHandler } from './stage-execution';

/**
 * Lets a handler heed `input.conformance`, by which a conformance run provokes what no ordinary request
 * can. Only for an agent that is started with AGENT_CONFORMANCE=true: clients fill `input`.
 */
export function heedDirectives(invoke: InvokeHandler): InvokeHandler {
  return async (input, context) => {
    const directive = conformanceDirective.safeParse(context.task.input['conformance']).data;
    switch (directive?.do) {
      case 'fail':
        throw new StageConformanceFailureError('Failed, as the conformance run asks for');
      case 'retry_later':
        throw new RetryLaterError(directive.ms);
      case 'work':
        await delay(directive.ms, undefined, { signal: context.signal });
    }
    return invoke(input, context);
  };
}
