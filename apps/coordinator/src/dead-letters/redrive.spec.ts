import type { DeadLetter } from '@askflash/messaging';
import { redriveRequest } from './dto';
import { redrive, type RedriveEnd } from './redrive';

const FAST = { dryRun: false, ratePerSecond: 500 };

function lettersOf(count: number): DeadLetter[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `m-${index}`,
    type: null,
    subject: null,
    reason: index % 2 ? 'odd' : 'even',
    detail: null,
    queue: 'intent.task',
    exchange: null,
    routingKey: null,
    deadAt: null,
    firstSeenAt: null,
    deliveryCount: 0,
    redriveCount: 0,
    bytes: 0,
    bodyPreview: '',
  }));
}

const call = (settle: () => void) => settle();

function run(
  request: object,
  {
    count = 20,
    fails = () => false,
    sent = [],
    stop = new AbortController(),
    lost = new AbortController(),
  }: {
    count?: number;
    fails?: (letter: DeadLetter, index: number) => boolean;
    sent?: string[];
    stop?: AbortController;
    lost?: AbortController;
  } = {},
) {
  let index = -1;
  return redrive(
    {
      letters: lettersOf(count),
      complete: true,
      signal: lost.signal,
      sendBack: async (letter) => {
        index += 1;
        if (fails(letter, index)) throw new Error('refused');
        sent.push(letter.id);
      },
    },
    redriveRequest.parse(request),
    stop.signal,
  );
}

describe('redrive', () => {
  it('sends back nothing unless it is told that this is no dry run', async () => {
    const sent: string[] = [];
    const report = await run({}, { sent });
    expect(sent).toEqual([]);
    expect(report).toMatchObject({ dryRun: true, matching: 20, redriven: 0, left: 20 });
    expect(report.items.every(({ outcome }) => outcome === 'left')).toBe(true);
  });

  it('sends back what matches, and reports on each', async () => {
    const sent: string[] = [];
    const report = await run({ ...FAST, filter: { reason: 'odd' } }, { sent, count: 6 });
    expect(sent).toEqual(['m-1', 'm-3', 'm-5']);
    expect(report).toMatchObject({
      lookedAt: 6,
      matching: 3,
      redriven: 3,
      failed: 0,
      left: 0,
      endedBy: 'done',
    });
    expect(report.items.map(({ id, outcome }) => [id, outcome])).toEqual(
      sent.map((id) => [id, 'redriven']),
    );
  });

  it('tells why one failed, and goes on', async () => {
    const report = await run(FAST, { count: 4, fails: ({ id }) => id === 'm-1' });
    expect(report).toMatchObject({ redriven: 3, failed: 1, left: 0, endedBy: 'done' });
    expect(report.items[1]).toMatchObject({
      id: 'm-1',
      outcome: 'failed',
      error: { code: 'UNEXPECTED', message: 'refused' },
    });
  });

  it.each([
    ['at the first error where none is allowed', 0, 1],
    ['when more than two of the first ten failed, at a fifth', 0.2, 3],
    ['when more than half of ten failed, at a half', 0.5, 6],
    ['never, at one', 1, 20],
  ])('stops %s', async (_what, stopOnErrorRate, attempts) => {
    const report = await run({ ...FAST, stopOnErrorRate }, { fails: () => true });
    expect(report).toMatchObject({
      failed: attempts,
      left: 20 - attempts,
      endedBy: attempts === 20 ? 'done' : 'error_rate',
    });
  });

  it('measures the share over all it tried', async () => {
    const report = await run({ ...FAST, stopOnErrorRate: 0.2 }, { fails: (_l, n) => n % 5 === 4 });
    expect(report).toMatchObject({ failed: 4, redriven: 16, endedBy: 'done' });
  });

  it('sends back no more than its limit', async () => {
    const report = await run({ ...FAST, limit: 5 });
    expect(report).toMatchObject({ redriven: 5, left: 15, endedBy: 'limit' });
    expect((await run({ ...FAST, limit: 20 })).endedBy).toBe('done');
  });

  it('is no faster than it may be', async () => {
    const begin = performance.now();
    await run({ dryRun: false, ratePerSecond: 100 }, { count: 21 });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(195);
  });

  it('has twenty under way at most, and reports in the order of the queue', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const working = redrive(
      {
        letters: lettersOf(30),
        complete: true,
        signal: new AbortController().signal,
        sendBack: () =>
          new Promise((resolve) => {
            most = Math.max(most, waiting.push(resolve));
            // All at once and the newest first, when no more can come.
            if (waiting.length === 20)
              setImmediate(() => waiting.splice(0).reverse().forEach(call));
            if (most === 20 && waiting.length === 10)
              setImmediate(() => waiting.splice(0).forEach(call));
          }),
      },
      redriveRequest.parse(FAST),
      new AbortController().signal,
    );
    const { items, redriven } = await working;
    expect([most, redriven]).toEqual([20, 30]);
    expect(items.map(({ id }) => id)).toEqual(lettersOf(30).map(({ id }) => id));
  });

  it.each<RedriveEnd>(['time', 'client_gone', 'shutdown'])(
    'stops for %s, and reports what it did',
    async (reason) => {
      const stop = new AbortController();
      const report = await run(FAST, {
        stop,
        fails: (_letter, index) => {
          if (index === 3) stop.abort(reason);
          return false;
        },
      });
      expect(report).toMatchObject({ redriven: 4, left: 16, endedBy: reason });
    },
  );

  it('stops while it waits', async () => {
    const lost = new AbortController();
    const working = run({ dryRun: false, ratePerSecond: 0.1 }, { lost });
    setImmediate(() => lost.abort());
    expect(await working).toMatchObject({ endedBy: 'broker_lost' });
  });
});
