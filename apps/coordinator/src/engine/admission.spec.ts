import { Registry } from 'prom-client';
import { CoordinatorBusyError } from '../tasks/errors';
import { Admission, type AdmissionSignals } from './admission';

type Changes = Partial<Omit<AdmissionSignals, 'registry'>>;

function admissionWith(changes: Changes = {}) {
  const registry = new Registry();
  const admission = new Admission({
    publisher: { blocked: false, outstanding: 0 },
    outbox: { sinceRejectedMs: Infinity },
    engine: { waitingCount: 0 },
    backlog: backlog(0, 0),
    maxOpenTaskCount: 100,
    registry,
    ...changes,
  });
  return { admission, registry };
}

const backlog = (openTaskCount: number, unsentForMs: number) => async () => ({
  openTaskCount,
  unsentForMs,
  oldestUnsentMs: unsentForMs,
});

describe('Admission', () => {
  it.each<[string, Changes]>([
    ['nothing waits', {}],
    [
      'less than the limits waits',
      { backlog: backlog(99, 14_000), engine: { waitingCount: 1_999 } },
    ],
    ['a queue refused a message, but long ago', { outbox: { sinceRejectedMs: 6_000 } }],
  ])('takes tasks while %s', async (_what, changes) => {
    const { admission } = admissionWith(changes);
    await admission.measure();
    expect(() => admission.check()).not.toThrow();
  });

  it.each<[string, Changes, RegExp, number]>([
    ['the broker blocks', { publisher: { blocked: true, outstanding: 0 } }, /RabbitMQ takes no/, 5],
    ['a queue has just refused a message', { outbox: { sinceRejectedMs: 100 } }, /full/, 5],
    ['messages stay unsent', { backlog: backlog(0, 20_000) }, /unsent for 20 s/, 5],
    ['too many tasks run', { backlog: backlog(100, 0) }, /100 tasks run/, 10],
    ['too many events wait', { engine: { waitingCount: 2_000 } }, /2000 events/, 1],
    [
      'too many messages are unconfirmed',
      { publisher: { blocked: false, outstanding: 5_000 } },
      /5000 messages/,
      1,
    ],
  ])('turns them away while %s', async (_what, changes, message, retryAfterSeconds) => {
    const { admission, registry } = admissionWith(changes);
    await admission.measure();
    let thrown: unknown;
    try {
      admission.check();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CoordinatorBusyError);
    expect(thrown).toMatchObject({
      message: expect.stringMatching(message),
      fields: { retryAfterSeconds },
    });
    expect(await registry.metrics()).toMatch(/coordinator_tasks_refused_total\{reason="\w+"\} 1/);
  });

  it('opens again once the reason is gone', async () => {
    let open = 100;
    const { admission } = admissionWith({
      backlog: () => backlog(open, 0)(),
    });
    await admission.measure();
    expect(() => admission.check()).toThrow(CoordinatorBusyError);
    open = 99;
    await admission.measure();
    expect(() => admission.check()).not.toThrow();
  });
});
