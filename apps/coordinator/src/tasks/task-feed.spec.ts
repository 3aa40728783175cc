import { newId } from '@askflash/config';
import type { ProgressEvent, TaskEvent } from '@askflash/contracts';
import type { StreamItem } from '@askflash/redis-tasks';
import { TaskFeed, type FeedItem } from './task-feed';

const taskId = newId();

function durable(seq: number, type: TaskEvent['type'] = 'stage.requested'): TaskEvent {
  const at = new Date(0).toISOString();
  return { taskId, seq, type, stage: null, attempt: null, at, data: {} };
}

const token: ProgressEvent = { type: 'token', stage: 'read', attempt: 1, text: 'a' };
const item = (id: string, event: TaskEvent | ProgressEvent): StreamItem => ({
  kind: 'event',
  id,
  event,
});
const gap: StreamItem = { kind: 'gap', after: 0, upTo: null };

/** The ids a reader gets, out of what Redis says and PostgreSQL has. */
async function idsOf(said: readonly StreamItem[], truth: readonly TaskEvent[], after?: string) {
  async function* subscribe(): AsyncGenerator<StreamItem> {
    yield* said;
  }
  const events = async (_id: string, afterSeq = 0) => truth.filter(({ seq }) => seq > afterSeq);
  const feed = new TaskFeed({ subscribe }, { events });
  const ids: string[] = [];
  for await (const each of feed.follow(taskId, { after, signal: new AbortController().signal })) {
    if (each.kind === 'event') ids.push(each.id);
  }
  return ids;
}

const END = durable(4, 'task.finished');
const TRUTH = [durable(1), durable(2), durable(3), END];

describe('TaskFeed', () => {
  it('takes what Redis lacks from PostgreSQL, each event once', async () => {
    const said = [item('1-0', durable(1)), gap, item('2-0', durable(2)), item('4-0', END)];
    expect(await idsOf(said, TRUTH)).toEqual(['1-0', '2-0', '3-0', '4-0']);
  });

  it('gives no progress that stands before an event the reader has', async () => {
    const said = [gap, item('1-0', durable(1)), item('1-1', token), item('2-1', token)];
    expect(await idsOf([...said, item('3-0', durable(3))], TRUTH.slice(0, 2))).toEqual([
      '1-0',
      '2-0',
      '2-1',
      '3-0',
    ]);
  });

  it('goes on where the reader was', async () => {
    const said = [item('2-3', token), item('3-0', durable(3)), item('4-0', END)];
    expect(await idsOf(said, TRUTH, '2-2')).toEqual(['2-3', '3-0', '4-0']);
  });

  it('beats while nothing happens, and ends with its reader', async () => {
    const reader = new AbortController();
    const silent = {
      async *subscribe(_id: string, { signal }: { signal: AbortSignal }) {
        yield item('1-0', durable(1));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    };
    const feed = new TaskFeed(silent, { events: async () => [] }, 5);
    const got: FeedItem['kind'][] = [];
    for await (const each of feed.follow(taskId, { signal: reader.signal })) {
      got.push(each.kind);
      if (got.length === 3) reader.abort();
    }
    expect(got).toEqual(['event', 'heartbeat', 'heartbeat']);
  });
});
