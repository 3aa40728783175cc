import type { StatusSnapshot } from '../../status-snapshot';
import { counted } from '../format';
import { html, type Html } from '../html';
import { since } from '../moment';
import type { Section } from '../section';
import { shape, type Tone } from '../tone';

/** So long a look may be ago before the page says that it may no longer be true. */
const STALE_AFTER_MS = 30_000;

interface Headline {
  readonly tone: Tone;
  readonly text: string;
}

/** The page in one line: the worst that there is to say. */
export function headlineOf(snapshot: StatusSnapshot, now: Date): Headline {
  const { conditions, servers, at } = snapshot;
  const down = servers.filter(({ status }) => status === 'down').length;
  const isCritical = conditions.some(({ severity }) => severity === 'critical');
  const { length: open } = conditions;
  if (open > 0) {
    const text = open === 1 ? '1 condition is open' : `${open} conditions are open`;
    return { tone: isCritical ? 'bad' : 'warning', text };
  }
  if (down > 0) return { tone: 'bad', text: down === 1 ? '1 check fails' : `${down} checks fail` };
  if (servers.length === 0) return { tone: 'unknown', text: 'Nothing has been looked at yet' };
  if (now.getTime() - at.getTime() > STALE_AFTER_MS) {
    return { tone: 'unknown', text: 'Nobody has looked for a while' };
  }
  if (isPartMissing(snapshot)) return { tone: 'unknown', text: 'Not all can be seen' };
  return { tone: 'good', text: 'All is well' };
}

/** The headline, and what there is of everything. */
export function overview(snapshot: StatusSnapshot, now: Date): Section {
  const { tone, text } = headlineOf(snapshot, now);
  const body = html`<h1 id="overview-title" class="${tone}">${shape(tone)} <span>${text}</span></h1>
    <p>${facts(snapshot)}Looked ${since(snapshot.at, now)}.</p>`;
  return { id: 'overview', title: text, body };
}

function facts({ agents, tasks }: StatusSnapshot): Html[] {
  const running = tasks?.filter(({ finishedAt }) => finishedAt === null).length;
  const healthy = agents?.filter(({ status }) => status === 'healthy').length;
  return [
    ...(agents ? [`${healthy} of ${counted(agents.length, 'instance')} healthy`] : []),
    ...(tasks && tasks.length > 0
      ? [`${running} of the last ${counted(tasks.length, 'task')} running`]
      : []),
  ].map((fact) => html`<span>${fact}</span> <span aria-hidden="true">·</span> `);
}

function isPartMissing({ queues, agents, tasks, deadLetters }: StatusSnapshot): boolean {
  return !queues || !agents || !tasks || !deadLetters;
}
