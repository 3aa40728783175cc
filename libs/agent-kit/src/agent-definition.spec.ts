import { z } from 'zod';
import { resolveAgent } from './agent-definition';
import { Agent, Stage, isStageExtras, type StageHandlerExtras } from './decorators';
import { AgentDefinitionInvalidError } from './errors';

const REGISTRY = [
  { name: 'reader', queue: 'reader.task', stages: ['read', 'skim'], description: 'Reads' },
  { name: 'writer', queue: 'writer.task', stages: ['write'], description: 'Writes' },
];
const output = z.object({});

@Agent({ name: 'reader', queue: 'reader.task' })
class Reader {
  @Stage('read', { output })
  async read() {
    return {};
  }

  @Stage('skim', { output })
  async skim() {
    return {};
  }
}

@Agent({ name: 'reader', queue: 'reader.task' })
class SecondReader {
  @Stage('read', { output })
  async again() {
    return {};
  }
}

@Agent({ name: 'writer', queue: 'other.task' })
class MisplacedWriter {
  @Stage('write', { output })
  async write() {
    return {};
  }
}

@Agent({ name: 'stranger', queue: 'stranger.task' })
class Stranger {
  @Stage('read', { output })
  async read() {
    return {};
  }
}

class Bare {
  @Stage('read', { output })
  async read() {
    return {};
  }
}

function handlersOf(...classes: (new () => object)[]): StageHandlerExtras[] {
  return classes.flatMap((agentClass) =>
    Object.values(Object.getOwnPropertyDescriptors(agentClass.prototype)).flatMap(({ value }) => {
      const extras: unknown =
        typeof value === 'function' && Reflect.getMetadata('microservices:pattern_extras', value);
      return typeof extras === 'object' && extras !== null && isStageExtras(extras) ? [extras] : [];
    }),
  );
}

describe('resolveAgent', () => {
  it('finds the agent whose stages the handlers cover', () => {
    expect(resolveAgent(handlersOf(Reader), REGISTRY)).toBe(REGISTRY[0]);
  });

  it.each([
    ['no handler at all', [], /No method has @Stage/],
    ['a missing stage', handlersOf(Reader).slice(0, 1), /no method with @Stage\('skim'\)/],
    ['a doubled stage', handlersOf(Reader, SecondReader), /Reader\.read and SecondReader\.again/],
    ['an unknown agent', handlersOf(Stranger), /'stranger'\) is not in the registry/],
    ['another queue', handlersOf(MisplacedWriter), /must name the queue 'writer.task'/],
    ['a class without @Agent', handlersOf(Bare), /Bare has @Stage methods but no @Agent/],
    [
      'an unknown stage',
      [...handlersOf(Reader), { ...handlersOf(Reader)[0]!, stage: 'sing' }],
      /@Stage\('sing'\) on Reader\.read is not a stage/,
    ],
  ])('refuses %s, naming the decorator', (_case, handlers, message) => {
    expect(() => resolveAgent(handlers, REGISTRY)).toThrow(AgentDefinitionInvalidError);
    expect(() => resolveAgent(handlers, REGISTRY)).toThrow(message);
  });
});
