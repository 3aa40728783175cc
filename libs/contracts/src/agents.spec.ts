import { AGENTS, agentRegistry, type AgentDefinition } from './agents';

const [first] = AGENTS;
const reader = { name: 'reader', queue: 'reader.task', stages: ['read'], description: 'Reads' };

/** What is wrong with the registry and one agent more. */
function problemsWith(changes: Partial<AgentDefinition>): string[] {
  const parsed = agentRegistry.safeParse([...AGENTS, { ...reader, ...changes }]);
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('the registry of agents', () => {
  it('is one', () => expect(agentRegistry.parse(AGENTS)).toEqual(AGENTS));

  it('takes another agent', () => expect(problemsWith({ concurrency: 3 })).toEqual([]));

  it.each<[Partial<AgentDefinition>, RegExp]>([
    [{ name: first?.name ?? '' }, /the name intent is taken twice/],
    [{ queue: first?.queue ?? '' }, /the queue intent.task is taken twice/],
    [{ stages: ['read', ...(first?.stages ?? [])] }, /the stage intent_analysis is taken twice/],
    [{ stages: ['response_packaging'] }, /the stage response_packaging is taken twice/],
    [{ stages: [] }, /stages/],
    [{ name: 'Reader' }, /name: must be lower case/],
    [{ queue: 'mcp.reader' }, /queue: must be lower case/],
    [{ concurrency: 0 }, /concurrency/],
  ])('refuses %j', (changes, problem) => {
    expect(problemsWith(changes).join()).toMatch(problem);
  });
});
