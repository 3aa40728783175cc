import { Controller, UseFilters, applyDecorators } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { stageRequested, type StageRequested } from '@askflash/contracts';
import type { z } from 'zod';
import type { StageContext } from './stage-context';
import { StageExceptionFilter } from './stage-exception.filter';

const AGENT_METADATA = Symbol('askflash:agent');

/** What `@Agent` says of a class. */
export interface AgentOptions {
  /** The agent's name in the registry. */
  readonly name: string;
  /** Its queue in the registry. */
  readonly queue: string;
}

/** What `@Stage` says of a method, as the agent's server finds it on the handler. */
export interface StageHandlerExtras {
  readonly stage: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** The class the method stands in, and the method's name: to name the decorator in an error. */
  readonly agentClass: object;
  readonly method: string;
}

/** Marks a class whose `@Stage` methods work off one agent's queue; a Nest controller. */
export function Agent(options: AgentOptions): ClassDecorator {
  return applyDecorators(Controller(), UseFilters(StageExceptionFilter), (target: object) =>
    Reflect.defineMetadata(AGENT_METADATA, options, target),
  );
}

/** What `@Agent` says of a class; undefined where it has none. */
export function agentOptionsOf(agentClass: object): AgentOptions | undefined {
  return Reflect.getMetadata(AGENT_METADATA, agentClass);
}

type StageHandler<Input, Output> = (input: Input, context: StageContext) => Promise<Output>;

/**
 * Marks the method that works one stage off. What it returns is checked by `output` and reported;
 * what it throws fails the attempt. `input` narrows the request (query, input, upstream outputs …)
 * to what the method takes; without it the method takes the whole request.
 */
export function Stage<
  Output extends z.ZodType,
  Input extends z.ZodType = z.ZodType<StageRequested>,
>(stage: string, { input, output }: { readonly input?: Input; readonly output: Output }) {
  return <Handler extends StageHandler<z.output<Input>, z.input<Output>>>(
    target: object,
    method: string,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    const extras: StageHandlerExtras = {
      stage,
      input: input ?? stageRequested,
      output,
      agentClass: target.constructor,
      method,
    };
    MessagePattern(stage, extras)(target, method, descriptor);
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
  };
}

/** Whether what Nest keeps beside a handler comes from `@Stage`. */
export function isStageExtras(extras: object | undefined): extras is StageHandlerExtras {
  return extras !== undefined && 'stage' in extras && 'agentClass' in extras;
}
