import { within } from './within';

describe('within', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const never = () => new Promise<string>(() => undefined);

  it('gives what comes in time, and leaves no timer behind', async () => {
    expect(await within(1_000, Promise.resolve('it'), () => 'late')).toBe('it');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects as the promise does', async () => {
    const failed = Promise.reject(new Error('broken'));
    await expect(within(1_000, failed, () => 'late')).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives, or throws, what is said where it comes late', async () => {
    const given = within(1_000, never(), () => 'late');
    const thrown = within(1_000, never(), () => {
      throw new Error('too late');
    });
    const outcomes = Promise.allSettled([given, thrown]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await outcomes).toEqual([
      { status: 'fulfilled', value: 'late' },
      { status: 'rejected', reason: new Error('too late') },
    ]);
  });

  it('does not mind what is rejected too late', async () => {
    let reject: (error: Error) => void = () => undefined;
    const promise = new Promise<string>((_resolve, fail) => (reject = fail));
    const outcome = within(1_000, promise, () => 'late');
    await jest.advanceTimersByTimeAsync(1_000);
    reject(new Error('nobody hears this'));
    expect(await outcome).toBe('late');
  });
});
