import { parsePayload } from './contract';
import { ContractViolationError } from './errors';
import { CONTRACTS } from './messages/all';
import { STAGE_FAILED } from './messages/stage-failed';
import { STAGE_REQUESTED } from './messages/stage-requested';

const request = {
  taskId: '019a0000-0000-7000-8000-000000000001',
  stage: 'embedding_lookup',
  attempt: 1,
  userId: 'ada',
  query: 'How do I stop the stack?',
  input: {},
  upstream: {},
  timeoutMs: 1000,
  deadlineAt: '2026-01-01T00:00:00.000Z',
};

describe('parsePayload', () => {
  it('returns a payload that keeps its contract', () => {
    expect(parsePayload(STAGE_REQUESTED, request)).toEqual(request);
  });

  it('refuses unknown fields, so that a changed shape needs a new version', () => {
    expect(() => parsePayload(STAGE_REQUESTED, { ...request, extra: 1 })).toThrow(
      ContractViolationError,
    );
  });

  it('names the path of what is wrong', () => {
    expect(() => parsePayload(STAGE_FAILED, { ...request, error: {} })).toThrow(/error\.code/);
  });

  it('keeps __proto__ from reaching a prototype', () => {
    const payload: unknown = JSON.parse(
      JSON.stringify(request).replace('"input":{}', '"input":{"__proto__":{"polluted":true}}'),
    );
    parsePayload(STAGE_REQUESTED, payload);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('the contracts', () => {
  it('carry a version in their type, and no type twice', () => {
    const types = CONTRACTS.map(({ type }) => type);
    expect(types.every((type) => /^[a-z]+(\.[a-z]+)+\.v\d+$/.test(type))).toBe(true);
    expect(new Set(types).size).toBe(types.length);
  });

  it('route a stage to the queue of the agent that owns it', () => {
    expect(STAGE_REQUESTED.routingKey(request)).toBe('embedding.task');
  });
});
