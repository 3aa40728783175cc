import type { ServerStatus } from '../../status-snapshot';
import { duration } from '../format';
import { html, type Html } from '../html';
import { empty, section, type Section } from '../section';
import { badge } from '../tone';

/** The servers, and what is made of them, with what to do about those that are down. */
export function servers(all: readonly ServerStatus[]): Section {
  const up = all.filter(({ status }) => status === 'up').length;
  const content = all.length
    ? html`<ul class="tiles">
        ${all.map(toTile)}
      </ul>`
    : empty('No server has been looked at yet.');
  return section('servers', 'Servers', all.length ? `${up} of ${all.length} up` : '', content);
}

function toTile({ name, status, latencyMs, reason, remedy }: ServerStatus): Html {
  const isUp = status === 'up';
  return html`<li class="${isUp ? '' : 'bad'}">
    <h3>${name}</h3>
    <p class="line">
      ${badge(isUp ? 'good' : 'bad', status)} <span class="muted">${duration(latencyMs)}</span>
    </p>
    ${reason === undefined ? undefined : html`<p class="reason">${reason}</p>`}
    ${remedy === undefined ? undefined : html`<p class="muted">${remedy}</p>`}
  </li>`;
}
