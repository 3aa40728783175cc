import { ID } from '@askflash/contracts';
import { newId } from './new-id';

describe('newId', () => {
  it('makes ids of the form every contract asks for, each greater than the one before', () => {
    const ids = Array.from({ length: 10_000 }, newId);
    expect(ids.every((id) => ID.safeParse(id).success)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('carries the time of its making', () => {
    const before = Date.now();
    const madeAt = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(Date.now() + 1);
  });
});
