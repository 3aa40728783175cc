import { RedisUnavailableError, type RedisStatus } from '@askflash/redis-tasks';
import type { TaskSeq } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import { ViewSweep } from './view-sweep';

const MINUTE_MS = 60_000;
const LIFETIME_MS = 600_000;

/** Stores of two pages of tasks, and a sweep over them; `look` resolves once what it began has ended. */
function setUp() {
  const stores = {
    epoch: 1,
    status: 'ready' as RedisStatus,
    /** Of the tasks whose views are behind. */
    behind: new Set(['a', 'c']),
    swept: new Array<number>(),
    rebuild: async (id: string) => void stores.behind.delete(id),
  };
  async function* changedTasks(withinMs: number): AsyncGenerator<readonly TaskSeq[]> {
    stores.swept.push(withinMs);
    for (const page of [['a', 'b'], ['c']]) yield page.map((id) => ({ id, seq: 2 }));
  }
  const redisTasks = {
    get epoch() {
      return stores.epoch;
    },
    status: () => stores.status,
    behind: async (tasks: readonly { readonly id: string }[]) =>
      tasks.flatMap(({ id }) => (stores.behind.has(id) ? [id] : [])),
  };
  const views = { rebuild: (id: string) => stores.rebuild(id) };
  const sweep = new ViewSweep({ redisTasks, views, changedTasks });
  const look = async (): Promise<void> => {
    sweep.beginWhereDue();
    await jest.advanceTimersByTimeAsync(0);
  };
  return { stores, sweep, look };
}

describe('ViewSweep', () => {
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('compares all views that may live as soon as Redis can be asked', async () => {
    const { stores, look } = setUp();
    stores.status = 'connecting';
    await look();
    expect(stores.swept).toEqual([]);
    stores.status = 'ready';
    await look();
    expect(stores).toMatchObject({ swept: [LIFETIME_MS], behind: new Set() });
  });

  it('compares what has changed since, and a little before, once a minute', async () => {
    const { stores, look } = setUp();
    for (let second = 0; second <= 60; second += 1) {
      await look();
      jest.advanceTimersByTime(1_000);
    }
    expect(stores.swept).toEqual([LIFETIME_MS, MINUTE_MS + 10_000]);
  });

  it('compares all once more when Redis was connected to anew, also while it compared', async () => {
    const { stores, look } = setUp();
    await look();
    stores.epoch += 1;
    stores.behind.add('b');
    stores.rebuild = async (id) => {
      stores.epoch += 1;
      stores.behind.delete(id);
    };
    for (let i = 0; i < 3; i += 1) await look();
    expect(stores).toMatchObject({ swept: [LIFETIME_MS, LIFETIME_MS, LIFETIME_MS] });
  });

  it('begins again where a store went away, and leaves nothing out', async () => {
    const { stores, look } = setUp();
    const { rebuild } = stores;
    stores.rebuild = () => Promise.reject(new RedisUnavailableError('gone'));
    await look();
    expect(stores.behind).toEqual(new Set(['a', 'c']));
    stores.rebuild = rebuild;
    await look();
    expect(stores).toMatchObject({ swept: [LIFETIME_MS, LIFETIME_MS], behind: new Set() });
  });

  it('goes on where one view cannot be rebuilt', async () => {
    const { stores, look } = setUp();
    const { rebuild } = stores;
    stores.rebuild = (id) => (id === 'a' ? Promise.reject(new Error('odd')) : rebuild(id));
    await look();
    await look();
    expect(stores).toMatchObject({ swept: [LIFETIME_MS], behind: new Set(['a']) });
  });

  it('is over soon when it is stopped, and begins no more', async () => {
    const { stores, sweep, look } = setUp();
    stores.rebuild = async (id) => {
      stores.behind.delete(id);
      void sweep.stop();
    };
    await look();
    await look();
    await sweep.stop();
    expect(stores).toMatchObject({ swept: [LIFETIME_MS], behind: new Set(['c']) });
  });
});
