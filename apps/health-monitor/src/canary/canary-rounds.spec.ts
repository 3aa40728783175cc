import type { CanaryListener } from '@askflash/messaging';
import { CanaryRounds } from './canary-rounds';

describe('CanaryRounds', () => {
  let nowMs: number;
  let sent: { queue: string; ids: readonly string[] }[];
  let takes: boolean;
  let listener: CanaryListener;
  let rounds: CanaryRounds;

  beforeEach(() => {
    nowMs = 0;
    sent = [];
    takes = true;
    const canaries = {
      listen: (given: CanaryListener) => void (listener = given),
      send: (queue: string, ids: readonly string[]) => {
        if (takes) sent.push({ queue, ids });
        return takes;
      },
    };
    rounds = new CanaryRounds(canaries, () => nowMs);
  });

  const round = (consumers: number, tags?: string[]): readonly string[] => {
    const before = sent.length;
    rounds.send([{ name: 'q', consumers, consumerTags: tags && new Set(tags) }]);
    return sent[before]?.ids ?? [];
  };
  const answer = (id: string | undefined, consumer?: string) =>
    listener.answered({ id: id ?? '', consumer });

  it('sends one a consumer, and none where there is none', () => {
    expect(round(3)).toHaveLength(3);
    expect(round(0)).toHaveLength(0);
    expect(rounds.sight('q').unansweredSinceMs).toHaveLength(3);
  });

  it('sends no more than two rounds that nobody answers', () => {
    expect([round(2).length, round(2).length, round(2).length]).toEqual([2, 2, 0]);
  });

  it('tells of answers: the round trip, and who answered when', () => {
    const [id] = round(1);
    nowMs = 7;
    answer(id, 'a');
    expect(rounds.sight('q')).toEqual({
      roundTripMs: 7,
      answeredAtMs: 7,
      unansweredSinceMs: [],
      answeredByMs: new Map([['a', 7]]),
    });
    nowMs = 9;
    answer(id, 'b'); // A second answer to the same one tells nothing.
    expect(rounds.sight('q').answeredByMs.has('b')).toBe(false);
  });

  it('counts one whose consumer does not tell its name', () => {
    const [id] = round(1);
    answer(id, undefined);
    expect(rounds.sight('q')).toMatchObject({ roundTripMs: 0, answeredByMs: new Map() });
  });

  it('keeps one that is held, for as long as it is', () => {
    const [first, second] = round(2, ['a', 'b']);
    answer(first, 'a');
    nowMs = 10;
    const [third] = round(2, ['a', 'b']);
    answer(third, 'a');
    nowMs = 20;
    round(2, ['a', 'b']);
    expect(rounds.sight('q').unansweredSinceMs[0]).toBe(0);
    answer(second, 'b');
    expect(rounds.sight('q').unansweredSinceMs[0]).toBe(10);
  });

  it('forgets one that everybody has overtaken: it was purged', () => {
    round(2, ['a', 'b']);
    nowMs = 10;
    const [third, fourth] = round(2, ['a', 'b']);
    answer(third, 'a');
    answer(fourth, 'b');
    round(2, ['a', 'b']);
    expect(rounds.sight('q').unansweredSinceMs).toEqual([10, 10]);
  });

  it('is not taken in by who answered and is gone', () => {
    round(1, ['a']);
    nowMs = 10;
    const [second] = round(1, ['a', 'b']);
    answer(second, 'b');
    round(1, ['a']);
    expect(rounds.sight('q').unansweredSinceMs[0]).toBe(0);
    expect(rounds.sight('q').answeredByMs.size).toBe(0);
  });

  it('knows of nothing that was not sent, or whose answer cannot come', () => {
    takes = false;
    round(2);
    expect(rounds.sight('q').unansweredSinceMs).toEqual([]);
    takes = true;
    const [id] = round(1);
    listener.forgotten();
    answer(id, 'a');
    expect(rounds.sight('q')).toMatchObject({ unansweredSinceMs: [], roundTripMs: undefined });
  });
});
