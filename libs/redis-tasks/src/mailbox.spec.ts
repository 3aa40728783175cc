import { token } from '../test/tasks';
import { Mailbox } from './mailbox';

const entry = (part: number) => ({ id: { seq: 1, part }, event: token('x') });

describe('Mailbox', () => {
  it('starts outdated, so that the stream is read first', () => {
    const mailbox = new Mailbox(2);
    expect([mailbox.takeOutdated(), mailbox.takeOutdated()]).toEqual([true, false]);
  });

  it('gives what was put in, in order', () => {
    const mailbox = new Mailbox(2);
    mailbox.push(entry(1));
    mailbox.push(entry(2));
    expect([mailbox.take(), mailbox.take(), mailbox.take()]).toEqual([
      entry(1),
      entry(2),
      undefined,
    ]);
  });

  it('holds no more than its capacity, and is outdated after', () => {
    const mailbox = new Mailbox(2);
    mailbox.takeOutdated();
    [1, 2, 3].forEach((part) => mailbox.push(entry(part)));
    expect(mailbox.take()).toBeUndefined();
    expect(mailbox.isIdle).toBe(false);
    expect(mailbox.takeOutdated()).toBe(true);
  });

  it.each([
    ['an entry', (mailbox: Mailbox) => mailbox.push(entry(1))],
    ['being outdated', (mailbox: Mailbox) => mailbox.invalidate()],
    ['wake', (mailbox: Mailbox) => mailbox.wake()],
  ])('ends a wait by %s', async (_what, act) => {
    const mailbox = new Mailbox(2);
    const waiting = mailbox.wait(60_000);
    act(mailbox);
    expect(await waiting).toBe(true);
  });

  it('says when a wait was in vain', async () => {
    expect(await new Mailbox(2).wait(1)).toBe(false);
  });
});
