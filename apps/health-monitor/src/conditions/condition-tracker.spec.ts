import { newId } from '@askflash/config';
import fc from 'fast-check';
import { CONDITIONS, type ConditionName, type Finding } from './condition';
import { ConditionTracker } from './condition-tracker';

const finding = (name: ConditionName, given: Partial<Finding> = {}): Finding => ({
  name,
  subject: 'subject',
  summary: 'It is wrong',
  value: null,
  threshold: null,
  ...given,
});

describe('ConditionTracker', () => {
  let tracker: ConditionTracker;
  beforeEach(() => (tracker = new ConditionTracker()));

  const look = (atMs: number, found: Finding[], unjudged: ConditionName[] = []) =>
    tracker.observe({ found, unjudged: new Set(unjudged) }, new Date(atMs));
  const none = { opened: [], seen: [], closed: [] };

  it('opens at once what is to open at once', () => {
    const stuck = finding('queue_stuck');
    expect(look(0, [stuck]).opened).toEqual([
      {
        ...stuck,
        id: expect.any(String),
        severity: 'critical',
        openedAt: new Date(0),
        lastSeenAt: new Date(0),
      },
    ]);
  });

  it('opens others only where they last', () => {
    const away = finding('server_unreachable');
    expect(look(0, [away])).toEqual(none);
    expect(look(4_999, [away])).toEqual(none);
    expect(look(5_000, [away]).opened).toHaveLength(1);
    expect(look(5_001, [away])).toMatchObject({ opened: [], seen: [{ subject: 'subject' }] });
  });

  it('begins anew where one look between did not find it', () => {
    const away = finding('server_unreachable');
    look(0, [away]);
    look(3_000, []);
    expect(look(6_000, [away])).toEqual(none);
  });

  it('closes what stays away, and not what flickers', () => {
    const stuck = finding('queue_stuck');
    const [opened] = look(0, [stuck]).opened;
    expect(look(1_000, [])).toEqual(none);
    expect(look(9_000, [stuck]).seen).toHaveLength(1);
    expect(look(10_000, [])).toEqual(none);
    expect(look(19_999, [])).toEqual(none);
    expect(look(20_000, []).closed).toEqual([
      { ...opened, lastSeenAt: new Date(9_000), closedAt: new Date(20_000) },
    ]);
    expect(tracker.open).toEqual([]);
  });

  it('tells the summary of now under the id of then', () => {
    const [opened] = look(0, [finding('queue_stuck', { summary: 'one', value: 1 })]).opened;
    const [seen] = look(5, [finding('queue_stuck', { summary: 'two', value: 2 })]).seen;
    expect(seen).toMatchObject({ id: opened?.id, summary: 'two', value: 2 });
  });

  it('leaves alone what could not be judged', () => {
    look(0, [finding('queue_stuck')]);
    for (let atMs = 1_000; atMs < 100_000; atMs += 1_000) look(atMs, [], ['queue_stuck']);
    expect(tracker.open).toHaveLength(1);
  });

  it('goes on with what another has opened', () => {
    const open = {
      ...finding('queue_stuck'),
      id: newId(),
      severity: 'critical' as const,
      openedAt: new Date(-1_000),
      lastSeenAt: new Date(-500),
    };
    tracker.resume([open]);
    expect(tracker.open).toEqual([open]);
    expect(look(0, [])).toEqual(none);
    expect(look(10_000, []).closed).toMatchObject([{ id: open.id }]);
  });

  it('tells the critical ones first, the oldest first among them', () => {
    look(0, [finding('queue_slow')]);
    look(1, [finding('queue_slow'), finding('queue_stuck', { subject: 'old' })]);
    look(2, [finding('queue_stuck', { subject: 'old' }), finding('queue_stuck')]);
    expect(tracker.open.map(({ name, subject }) => [name, subject])).toEqual([
      ['queue_stuck', 'old'],
      ['queue_stuck', 'subject'],
      ['queue_slow', 'subject'],
    ]);
  });

  it('opens and closes in turn, whatever the looks find', () => {
    const names = fc.constantFrom<ConditionName>('queue_stuck', 'queue_slow', 'server_unreachable');
    const findings = fc.uniqueArray(names, { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60_000), findings)), (looks) => {
        tracker = new ConditionTracker();
        const open = new Set<string>();
        let atMs = 0;
        for (const [afterMs, found] of looks) {
          atMs += afterMs;
          const { opened, seen, closed } = look(
            atMs,
            found.map((name) => finding(name)),
          );
          for (const { name } of opened) {
            expect(open.has(name)).toBe(false);
            open.add(name);
          }
          for (const { name } of seen) expect(open.has(name)).toBe(true);
          for (const { name, openedAt, closedAt } of closed) {
            expect(open.delete(name)).toBe(true);
            const forMs = closedAt.getTime() - openedAt.getTime();
            expect(forMs).toBeGreaterThanOrEqual(CONDITIONS[name].closeAfterMs);
          }
          expect(new Set(tracker.open.map(({ name }) => name))).toEqual(open);
        }
      }),
    );
  });
});
