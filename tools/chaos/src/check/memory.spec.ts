import { Memory } from './memory';

const MIB = 1024 ** 2;

function memoryOf(...mebibytes: number[]): Memory {
  const memory = new Memory();
  for (const each of mebibytes) memory.add('coordinator', each * MIB);
  return memory;
}

describe('Memory', () => {
  it('finds a process that grows from round to round', () => {
    const findings = memoryOf(100, 120, 150, 180, 220, 260, 300, 350, 400, 450).check();
    expect(findings).toEqual([
      {
        invariant: 'memory',
        taskId: null,
        what: 'coordinator held, at rest, 100, 120, 150, 180, 220, 260, 300, 350, 400, 450 MiB',
      },
    ]);
  });

  it.each([
    ['fills its caches once', [100, 160, 170, 175, 180, 190, 200, 205, 200]],
    ['takes much now and then, and gives it back', [100, 400, 100, 500, 120, 100, 450, 110, 100]],
    ['has lived for a few rounds only', [100, 200, 400]],
  ])('is content with one that %s', (_what, mebibytes) => {
    expect(memoryOf(...mebibytes).check()).toEqual([]);
  });
});
