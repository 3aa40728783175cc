import { newId } from '@askflash/config';
import { DirectNotices, type Notice } from './direct-notices';

const aNotice = (): Notice => ({
  event: 'opened',
  condition: {
    id: newId(),
    name: 'server_unreachable',
    subject: 'postgres',
    severity: 'critical',
    summary: 'It does not answer',
    value: null,
    threshold: null,
    openedAt: new Date(),
    closedAt: null,
  },
});

/** A webhook that answers as it is told, one answer after the other, then always takes. */
function aWebhook(...answers: boolean[]) {
  const told: string[] = [];
  const tell = async ({ id }: Notice['condition']) => {
    told.push(id);
    return answers.shift() ?? true;
  };
  return { told, delivery: { tell } };
}
const idsOf = (notices: readonly Notice[]) => notices.map(({ condition: { id } }) => id);

describe('DirectNotices', () => {
  it('tells each once, in order', async () => {
    const { told, delivery } = aWebhook();
    const direct = new DirectNotices(delivery);
    const notices = [aNotice(), aNotice()];
    await direct.tell(() => notices);
    await direct.tell(() => notices);
    expect(told).toEqual(idsOf(notices));
    expect(direct.knows(idsOf(notices)[0] ?? '', 'opened')).toBe(true);
  });

  it('keeps the rest back where one is not taken, and tries no sooner than it should', async () => {
    const { told, delivery } = aWebhook(false);
    const delays = [Infinity];
    const direct = new DirectNotices(delivery, () => delays.pop() ?? 0);
    const notices = [aNotice(), aNotice()];
    await direct.tell(() => notices);
    await direct.tell(() => notices);
    expect(told).toEqual(idsOf(notices).slice(0, 1));
  });

  it('goes on with the one that was not taken', async () => {
    const { told, delivery } = aWebhook(false, false);
    const direct = new DirectNotices(delivery, () => 0);
    const notices = [aNotice(), aNotice()];
    const [first = '', second = ''] = idsOf(notices);
    for (let round = 0; round < 3; round += 1) await direct.tell(() => notices);
    expect(told).toEqual([first, first, first, second]);
  });

  it('stops once PostgreSQL has taken over', async () => {
    const { told, delivery } = aWebhook();
    const notices = [aNotice(), aNotice()];
    await new DirectNotices(delivery).tell(() => (told.length === 0 ? notices : []));
    expect(told).toEqual(idsOf(notices).slice(0, 1));
  });

  it('does not tell the same twice at the same time', async () => {
    const { told, delivery } = aWebhook();
    const direct = new DirectNotices(delivery);
    const notices = [aNotice()];
    await Promise.all([direct.tell(() => notices), direct.tell(() => notices)]);
    expect(told).toEqual(idsOf(notices));
  });
});
