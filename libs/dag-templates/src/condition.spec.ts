import { TASK_ID, START } from '../test/world';
import { defaultTemplate } from '../test/defaults';
import { holds } from './condition';
import { startTask } from './start-task';

const input = { depth: 'deep', tags: ['a', null], nested: { on: false } };
const { state } = startTask({
  taskId: TASK_ID,
  template: defaultTemplate('quick_answer'),
  now: START,
  input,
});

describe('holds', () => {
  it.each([
    [{ path: ['depth'], equals: 'deep' }, true],
    [{ path: ['depth'], equals: 'shallow' }, false],
    [{ path: ['nested', 'on'], equals: false }, true],
    [{ path: ['tags', '1'], equals: null }, true],
    [{ path: ['tags', '1'], exists: true }, true],
    [{ path: ['tags', '2'], exists: true }, false],
    [{ path: ['tags', 'length'], exists: false }, true],
    [{ path: ['depth', '0'], exists: false }, true],
    [{ path: [], exists: true }, true],
    [{ path: ['constructor'], exists: false }, true],
    [{ path: ['__proto__', 'toString'], exists: false }, true],
    [{ stage: 'embedding_lookup', path: [], exists: false }, true],
    [{ stage: 'constructor', path: ['name'], exists: false }, true],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition, state)).toBe(expected);
  });
});
