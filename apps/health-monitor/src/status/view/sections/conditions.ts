import { CONDITIONS, runbookOf } from '../../../conditions/condition';
import type { StatusSnapshot } from '../../status-snapshot';
import { html, type Html } from '../html';
import { lasting } from '../moment';
import { empty, section, type Section } from '../section';
import { badge } from '../tone';

type Condition = StatusSnapshot['conditions'][number];

/** What is wrong, the critical first and of those the oldest, with where to read what to do. */
export function conditions(all: StatusSnapshot['conditions'], now: Date): Section {
  const sorted = [...all].sort(
    (one, other) => rank(one) - rank(other) || one.openedAt.getTime() - other.openedAt.getTime(),
  );
  const content = sorted.length
    ? html`<ul class="conditions">
        ${sorted.map((condition) => toItem(condition, now))}
      </ul>`
    : empty('No condition is open.');
  return section('conditions', 'Open conditions', sorted.length || 'none', content);
}

function rank({ severity }: Condition): number {
  return severity === 'critical' ? 0 : 1;
}

/** `data-condition` is what the page's script says aloud where the condition is new. */
function toItem(condition: Condition, now: Date): Html {
  const { id, name, severity, subject, summary, openedAt } = condition;
  const { title } = CONDITIONS[name];
  const tone = severity === 'critical' ? 'bad' : 'warning';
  return html`<li
    class="${tone}"
    id="condition-${id}"
    data-condition="${severity}: ${title}, ${subject}. ${summary}"
  >
    <h3>${badge(tone, severity)} <span>${title}</span> <code>${subject}</code></h3>
    <p>${summary}</p>
    <p class="meta">
      <span>open for ${lasting(openedAt, now)}</span>
      <a id="runbook-${id}" href="runbooks/${runbookOf(name)}">Runbook: ${runbookOf(name)}</a>
    </p>
  </li>`;
}
