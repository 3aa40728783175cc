import type { DeadLetterStatus } from '../../status-snapshot';
import { count, counted } from '../format';
import { html } from '../html';
import { empty, section, unseen, type Section } from '../section';
import { badge } from '../tone';

const ID = 'dead-letters';
const TITLE = 'Dead letters';

/** What nobody could handle, with where to look at it. */
export function deadLetters(status: DeadLetterStatus | undefined): Section {
  if (!status) return section(ID, TITLE, '', unseen('Dead letters'));
  if (status.count === 0) return section(ID, TITLE, 'none', empty('There is no dead letter.'));
  const link =
    status.url === undefined
      ? undefined
      : html`<a id="dead-letters-link" href="${status.url}">Look at them</a>`;
  const content = html`<p class="line">
    ${badge('warning', counted(status.count, 'message'))}
    <span>that nobody could handle.</span>
    ${link} <a id="dead-letters-runbook" href="runbooks/dead-letters">Runbook: dead-letters</a>
  </p>`;
  return section(ID, TITLE, count(status.count), content);
}
