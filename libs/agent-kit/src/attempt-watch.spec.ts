import { newId } from '@askflash/config';
import { taskView, type StageRequested, type TaskView } from '@askflash/contracts';
import { RedisUnavailableError, type StreamItem } from '@askflash/redis-tasks';
import { eventually } from '@askflash/testing';
import { AttemptWatch } from './attempt-watch';

type StageView = TaskView['stages'][number];

const taskId = newId();
const request: StageRequested = {
  taskId,
  stage: 'read',
  attempt: 2,
  userId: 'ada',
  query: '',
  input: {},
  upstream: {},
  timeoutMs: 60_000,
  deadlineAt: new Date(Date.now() + 60_000).toISOString(),
};

function viewOf(changes: Partial<TaskView> = {}, stage: Partial<StageView> = {}): TaskView {
  const at = new Date().toISOString();
  return taskView.parse({
    id: taskId,
    userId: 'ada',
    query: '',
    template: { name: 'reading', version: 1 },
    status: 'in_progress',
    seq: 4,
    stages: [{ name: 'read', status: 'requested', attempt: 2, error: null, ...stage }],
    result: null,
    error: null,
    createdAt: at,
    updatedAt: at,
    finishedAt: null,
    ...changes,
  });
}

const durable: StreamItem = {
  kind: 'event',
  id: '5-0',
  event: {
    taskId,
    seq: 5,
    type: 'task.finished',
    stage: null,
    attempt: null,
    at: new Date().toISOString(),
    data: {},
  },
};
const token: StreamItem = {
  kind: 'event',
  id: '4-1',
  event: { type: 'token', stage: 'read', attempt: 2, text: 'a' },
};

/** Redis with one task, whose stream the test speaks on. */
class Redis {
  view: TaskView | undefined = viewOf();
  isAway = false;
  readonly asked = { reads: 0, subscriptions: [] as (string | undefined)[] };
  private say = (_item: StreamItem | undefined): void => undefined;

  async read() {
    this.asked.reads += 1;
    if (this.isAway) throw new RedisUnavailableError('gone');
    return this.view ? { found: true as const, view: this.view } : { found: false as const };
  }

  async *subscribe(_id: string, { after, signal }: { after?: string; signal: AbortSignal }) {
    this.asked.subscriptions.push(after);
    while (!signal.aborted) {
      const item = await new Promise<StreamItem | undefined>((resolve) => {
        this.say = resolve;
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      if (item) yield item;
    }
  }

  tell(item: StreamItem): void {
    this.say(item);
  }
}

function watchOf(redis: Redis): AttemptWatch {
  return new AttemptWatch(redis, { debug: () => undefined });
}

describe('AttemptWatch', () => {
  it.each([
    ['is at work', viewOf(), undefined],
    ['has a view that does not know of the request yet', viewOf({}, { attempt: 1 }), undefined],
    [
      'is retried, with a view from before that',
      viewOf({ status: 'failed' }, { attempt: 1, status: 'failed' }),
      undefined,
    ],
    ['has a view without the stage', viewOf({ stages: [] }), undefined],
    ['has ended', viewOf({ status: 'aborted' }), /task is aborted/],
    ['has requested the stage again', viewOf({}, { attempt: 3 }), /Attempt 3 of read/],
    ['has given the attempt up', viewOf({}, { status: 'backing_off' }), /given up or answered/],
  ])('looks at a task that %s', async (_case, view, expected) => {
    const redis = new Redis();
    redis.view = view;
    const reason = await watchOf(redis).look(request);
    if (expected) expect(reason?.message).toMatch(expected);
    else expect(reason).toBeUndefined();
  });

  it('takes every attempt for wanted where the view is gone, or Redis', async () => {
    const redis = new Redis();
    redis.view = undefined;
    expect(await watchOf(redis).look(request)).toBeUndefined();
    redis.isAway = true;
    expect(await watchOf(redis).look(request)).toBeUndefined();
  });

  it('costs Redis nothing where the stage is fast', async () => {
    jest.useFakeTimers();
    try {
      const redis = new Redis();
      const end = watchOf(redis).start(request, () => undefined);
      await jest.advanceTimersByTimeAsync(90);
      end();
      await jest.advanceTimersByTimeAsync(10_000);
      expect(redis.asked).toEqual({ reads: 0, subscriptions: [] });
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells once the task ends, and not for progress', async () => {
    const redis = new Redis();
    const reasons: string[] = [];
    const end = watchOf(redis).start(request, ({ message }) => reasons.push(message));
    await eventually(() => redis.asked.subscriptions.length === 1);
    expect(redis.asked.subscriptions).toEqual(['4-0']);
    redis.view = viewOf({ status: 'aborted' });
    redis.tell(token);
    await new Promise((turn) => setImmediate(turn));
    expect(reasons).toEqual([]);
    redis.tell(durable);
    await eventually(() => reasons.length > 0);
    expect(reasons).toEqual(['The task is aborted']);
    end();
  });

  it('finds out by a gap too, which is what a flushed Redis tells', async () => {
    const redis = new Redis();
    redis.view = undefined;
    const reasons: string[] = [];
    const end = watchOf(redis).start(request, ({ message }) => reasons.push(message));
    await eventually(() => redis.asked.subscriptions.length === 1);
    redis.view = viewOf({ status: 'failed' });
    redis.tell({ kind: 'gap', after: 0, upTo: null });
    await eventually(() => reasons.length > 0);
    expect(reasons).toEqual(['The task is failed']);
    end();
  });

  it('tells nothing once it is ended', async () => {
    const redis = new Redis();
    const reasons: unknown[] = [];
    const end = watchOf(redis).start(request, (reason) => reasons.push(reason));
    await eventually(() => redis.asked.subscriptions.length === 1);
    redis.view = viewOf({ status: 'complete' });
    redis.tell(durable);
    end();
    await new Promise((turn) => setImmediate(turn));
    expect(reasons).toEqual([]);
  });
});
