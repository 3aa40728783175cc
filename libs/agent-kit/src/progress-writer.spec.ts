import type { ProgressEvent } from '@askflash/contracts';
import { ProgressWriter } from './progress-writer';

const about = { stage: 'read', attempt: 1 };
const token = (text: string): ProgressEvent => ({ ...about, type: 'token', text });
const progress = (message: string): ProgressEvent => ({ ...about, type: 'progress', message });

describe('ProgressWriter', () => {
  it('makes one event of tokens that follow each other, and keeps the order', async () => {
    const calls: ProgressEvent[][] = [];
    const writer = new ProgressWriter('t', async (_task, events) => calls.push(events), fail);
    for (const text of ['Hel', 'lo', ' world']) writer.write(token(text));
    writer.write(progress('half way'));
    writer.write(token('!'));
    await writer.flush();
    expect(calls).toEqual([[token('Hello world'), progress('half way'), token('!')]]);
  });

  it('writes by itself after a moment, and once for many events', async () => {
    jest.useFakeTimers();
    const append = jest.fn(async () => undefined);
    const writer = new ProgressWriter('t', append, fail);
    for (let count = 0; count < 50; count += 1) writer.write(token('x'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(append).toHaveBeenCalledTimes(1);
    jest.useRealTimers();
  });

  it('drops what Redis cannot take, and says so', async () => {
    const dropped: unknown[] = [];
    const writer = new ProgressWriter(
      't',
      () => Promise.reject(new Error('Redis is away')),
      (error) => dropped.push(error),
    );
    writer.write(progress('on the way'));
    await writer.flush();
    expect(dropped).toEqual([new Error('Redis is away')]);
  });
});

function fail(error: unknown): never {
  throw error;
}
