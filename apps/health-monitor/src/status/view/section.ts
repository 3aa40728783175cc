import { html, type Html, type HtmlPart } from './html';

/** A part of the page that is sent anew where it changes. */
export interface Section {
  readonly id: string;
  /** Names it for who cannot see it, and is its heading. */
  readonly title: string;
  readonly body: Html;
}

/** A section with its heading and, beside it, what is to be seen at a glance. */
export function section(id: string, title: string, glance: HtmlPart, content: HtmlPart): Section {
  const body = html`<header>
      <h2 id="${id}-title">${title}</h2>
      <p class="glance">${glance}</p>
    </header>
    ${content}`;
  return { id, title, body };
}

/** What stands where a part could not be seen. */
export function unseen(what: string): Html {
  return html`<p class="empty">${what} cannot be seen at the moment: the servers tell why.</p>`;
}

/** What stands where there is nothing to show. */
export function empty(text: string): Html {
  return html`<p class="empty">${text}</p>`;
}
