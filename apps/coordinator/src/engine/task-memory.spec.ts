import * as fc from 'fast-check';
import { TaskInMemory, defaultTemplate } from '../../test/task-in-memory';
import { TaskMemory } from './task-memory';

const { task: ANY } = new TaskInMemory(defaultTemplate('quick_answer'));
const taskOf = (id: string, seq = 1) => ({ ...ANY, id, state: { ...ANY.state, seq } });

describe('TaskMemory', () => {
  it('knows what it was told last, until it forgets it', () => {
    const memory = new TaskMemory();
    memory.keep(taskOf('a', 1), 10);
    memory.keep(taskOf('a', 2), 10);
    expect(memory.get('a')?.state.seq).toBe(2);
    expect(memory.get('b')).toBeUndefined();
    memory.forget('a');
    memory.forget('a');
    expect(memory.get('a')).toBeUndefined();
  });

  it('forgets what was written longest ago, once it is full', () => {
    const memory = new TaskMemory(30);
    for (const id of ['a', 'b', 'c', 'a']) memory.keep(taskOf(id), 10);
    memory.keep(taskOf('d'), 20);
    expect(['a', 'b', 'c', 'd'].filter((id) => memory.get(id))).toEqual(['a', 'd']);
  });

  it('does not keep what alone is too large', () => {
    const memory = new TaskMemory(30);
    memory.keep(taskOf('large'), 31);
    memory.keep(taskOf('small'), 30);
    expect(['large', 'small'].filter((id) => memory.get(id))).toEqual(['small']);
  });

  it('holds the latest that its capacity has room for, whatever is kept and forgotten', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const steps = fc.array(
      fc.oneof(fc.record({ keep: ids, bytes: fc.nat({ max: 60 }) }), fc.record({ forget: ids })),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const memory = new TaskMemory(100);
        let model: (readonly [id: string, bytes: number])[] = [];
        for (const step of all) {
          const about = 'keep' in step ? step.keep : step.forget;
          model = model.filter(([id]) => id !== about);
          if ('keep' in step) {
            memory.keep(taskOf(about), step.bytes);
            model.push([about, step.bytes]);
            while (model.reduce((sum, [, bytes]) => sum + bytes, 0) > 100) model.shift();
          } else {
            memory.forget(about);
          }
          const held = ['a', 'b', 'c', 'd', 'e'].filter((id) => memory.get(id));
          expect(held).toEqual(model.map(([id]) => id).sort());
        }
      }),
    );
  });
});
