import { parseFigures } from './redis-figures';

describe('parseFigures', () => {
  it('reads what it needs out of INFO', () => {
    const info = [
      '# Memory',
      'used_memory:1048576',
      'used_memory_human:1.00M',
      'maxmemory:268435456',
      '',
      '# Stats',
      'evicted_keys:12',
      'evicted_clients:3',
    ].join('\r\n');
    expect(parseFigures(info)).toEqual({
      usedMemoryBytes: 1_048_576,
      memoryLimitBytes: 268_435_456,
      evictedKeys: 12,
    });
  });

  it('takes what is not there for nothing', () => {
    expect(parseFigures('')).toEqual({ usedMemoryBytes: 0, memoryLimitBytes: 0, evictedKeys: 0 });
  });
});
