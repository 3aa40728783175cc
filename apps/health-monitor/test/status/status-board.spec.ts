import { eventually } from '@askflash/testing';
import type { StreamItem } from '@askflash/service-kit';
import { z } from 'zod';
import { StatusBoard } from '../../src/status/status-board';
import { FakeStatus, queue } from './fake-status';

const told = z.object({
  type: z.literal('sections'),
  data: z.object({ sections: z.array(z.object({ id: z.string(), html: z.string() })) }),
});

/** The ids of the sections that an item brings. */
const idsOf = (item: StreamItem | undefined) => told.parse(item).data.sections.map(({ id }) => id);

describe('StatusBoard', () => {
  const ends: AbortController[] = [];
  const follow = (board: StatusBoard) => {
    const end = new AbortController();
    ends.push(end);
    return board.follow(end.signal);
  };
  const next = async (reader: AsyncGenerator<StreamItem>) => {
    const { value } = await reader.next();
    return value;
  };

  afterEach(() => {
    for (const end of ends.splice(0)) end.abort();
  });

  it('asks for nothing where nobody reads, and once for all who do', async () => {
    const status = new FakeStatus();
    const board = new StatusBoard(status);
    expect(status.asked).toBe(0);
    const readers = Array.from({ length: 50 }, () => follow(board));
    const items = await Promise.all(readers.map(next));
    expect(items.map(idsOf)).toEqual(
      Array(50).fill([
        'overview',
        'conditions',
        'servers',
        'queues',
        'dead-letters',
        'agents',
        'tasks',
      ]),
    );
    await board.view();
    expect(status.asked).toBe(1);
  });

  it('sends what has changed, and nothing else', async () => {
    const status = new FakeStatus();
    const reader = follow(new StatusBoard(status));
    await next(reader);
    status.change({ queues: [queue('intent.task', { ready: 7 })] });
    expect(idsOf(await next(reader))).toEqual(['queues']);
  });

  it('lets a reader that hears nothing else know that it lives', async () => {
    const reader = follow(new StatusBoard(new FakeStatus()));
    await next(reader);
    expect(idsOf(await next(reader))).toEqual([]);
  });

  it('keeps nothing for a slow reader: it gets the newest', async () => {
    const status = new FakeStatus();
    const board = new StatusBoard(status);
    const slow = follow(board);
    await next(slow);
    const quick = follow(board);
    await next(quick);
    for (const ready of [1, 2, 3]) {
      status.change({ queues: [queue('intent.task', { ready, depths: [] })] });
      expect(idsOf(await next(quick))).toEqual(['queues']);
    }
    const [{ html } = { html: '' }] = told.parse(await next(slow)).data.sections;
    expect(html).toMatch(/>\s*<span>3<\/span/);
  });

  it('tries again where the status could not be had', async () => {
    const status = new FakeStatus();
    const board = new StatusBoard(status);
    const snapshot = jest.spyOn(status, 'snapshot').mockRejectedValueOnce(new Error('not now'));
    await expect(board.view()).rejects.toThrow('not now');
    snapshot.mockRestore();
    await eventually(() => board.view().catch(() => undefined));
  });
});
