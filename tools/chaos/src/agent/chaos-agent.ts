import {
  Agent,
  NonRetryableError,
  RetryLaterError,
  Stage,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { AGENTS, JSON_OBJECT, type JsonObject } from '@askflash/contracts';
import type { Type } from '@nestjs/common';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ChaosUsageError } from '../errors';
import { behaviourOf, outputOf } from './behaviour';
import type { Ledger } from './ledger';

const input = z.object({ seed: z.number() });

/**
 * Makes the class of an agent of the registry, whose every stage does next to nothing, or fails, as
 * the task’s seed says, and writes each attempt down.
 */
export function chaosAgent(name: string, ledger: Ledger): Type {
  const agent = AGENTS.find((each) => each.name === name);
  if (!agent) throw new ChaosUsageError(`There is no agent ${name}`);
  class ChaosAgent {}
  for (const stage of agent.stages) {
    const descriptor = {
      value: (request: StageRequested, context: StageContext) => work(request, context, ledger),
    };
    Object.defineProperty(ChaosAgent.prototype, stage, descriptor);
    Stage(stage, { output: JSON_OBJECT })(ChaosAgent.prototype, stage, descriptor);
  }
  Agent(agent)(ChaosAgent);
  return ChaosAgent;
}

async function work(
  { taskId, stage, attempt, ...request }: StageRequested,
  context: StageContext,
  ledger: Ledger,
): Promise<JsonObject> {
  const about = { taskId, stage, attempt };
  ledger.append({ ...about, what: 'begun' });
  const behaviour = behaviourOf(input.parse(request.input).seed, stage, attempt);
  context.progress('At work', 0.5);
  const { signal } = context;
  await delay(behaviour.workMs, undefined, { signal });
  if (behaviour.fate === 'hang') await once(signal, 'abort');
  signal.throwIfAborted();
  if (behaviour.fate === 'complete') {
    ledger.append({ ...about, what: 'completed' });
    return outputOf(stage, behaviour);
  }
  ledger.append({ ...about, what: 'failed' });
  throw failureOf(behaviour.fate);
}

function failureOf(fate: 'fail' | 'fail-for-good' | 'retry-later' | 'hang'): Error {
  if (fate === 'fail-for-good') return new NonRetryableError('It fails for good, as planned');
  if (fate === 'retry-later') return new RetryLaterError(300, 'It is put off, as planned');
  return new Error('It fails, as planned');
}
