import { forgetIn } from './ledger';

describe('forgetIn', () => {
  it('forgets what was removed, of its own kind only', () => {
    const known = { exchanges: ['a', 'b'], queues: ['a', 'b'], bindings: ['a'], policies: ['a'] };
    expect(
      forgetIn(known, [
        { thing: 'queue', name: 'a' },
        { thing: 'policy', name: 'a' },
      ]),
    ).toEqual({ exchanges: ['a', 'b'], queues: ['b'], bindings: ['a'], policies: [] });
  });
});
