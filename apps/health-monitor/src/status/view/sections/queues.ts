import type { CanaryStatus, QueueStatus } from '../../status-snapshot';
import { count, counted, duration, rate } from '../format';
import { html, type Html } from '../html';
import { lasting, since } from '../moment';
import { section, unseen, type Section } from '../section';
import { sparkline } from '../sparkline';
import { table, type Column } from '../table';

/** What waits where, how it moves, and how long a canary took to come through. */
export function queues(all: readonly QueueStatus[] | undefined, at: Date, now: Date): Section {
  if (!all) return section('queues', 'Queues', '', unseen('Queues'));
  // What lies in other queues waits for no one here.
  const work = all.filter(({ canary }) => canary);
  const waiting = work.reduce((sum, { ready }) => sum + ready, 0);
  const content = table('Queues', columns(at, now), all);
  return section('queues', 'Queues', `${counted(waiting, 'message')} to be worked off`, content);
}

function columns(at: Date, now: Date): Column<QueueStatus>[] {
  return [
    { title: 'Queue', cell: ({ name }) => html`<code>${name}</code>` },
    {
      title: 'Waiting',
      kind: 'figures',
      cell: ({ ready, depths }) =>
        html`<span class="depth">${sparkline(depths)}<span>${count(ready)}</span></span>`,
    },
    { title: 'In work', kind: 'figures', cell: ({ unacknowledged }) => count(unacknowledged) },
    { title: 'In/s', kind: 'figures', cell: ({ publishedPerSecond }) => rate(publishedPerSecond) },
    {
      title: 'Out/s',
      kind: 'figures',
      cell: ({ acknowledgedPerSecond }) => rate(acknowledgedPerSecond),
    },
    { title: 'Consumers', kind: 'figures', cell: ({ consumers }) => count(consumers) },
    { title: 'Canary', kind: 'figures', cell: ({ canary }) => toCanary(canary, at, now) },
  ];
}

function toCanary(canary: CanaryStatus | undefined, at: Date, now: Date): Html {
  if (!canary) return html`<span class="muted">gets none</span>`;
  const { roundTripMs, answeredAgoMs, waitingMs } = canary;
  const before = (ms: number) => new Date(at.getTime() - ms);
  const answered =
    roundTripMs === undefined || answeredAgoMs === undefined
      ? html`<span class="muted">none answered</span>`
      : html`${duration(roundTripMs)},
          <span class="muted">${since(before(answeredAgoMs), now)}</span>`;
  if (waitingMs === undefined || waitingMs < 1_000) return answered;
  return html`${answered}<br /><span class="late"
      >one waits for ${lasting(before(waitingMs), now)}</span
    >`;
}
