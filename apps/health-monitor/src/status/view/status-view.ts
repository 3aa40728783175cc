import { createHash } from 'node:crypto';
import type { StatusSnapshot } from '../status-snapshot';
import { Html, html } from './html';
import { withoutAges } from './moment';
import { page } from './page';
import type { Section } from './section';
import { agents } from './sections/agents';
import { conditions } from './sections/conditions';
import { deadLetters } from './sections/dead-letters';
import { overview } from './sections/overview';
import { queues } from './sections/queues';
import { servers } from './sections/servers';
import { tasks } from './sections/tasks';

/** A section as it is sent. */
export interface RenderedSection {
  readonly id: string;
  /** Another where anything but ages is other. */
  readonly version: string;
  readonly html: string;
}

/** A snapshot as readers get it. */
export interface StatusView {
  /** When it was made, in milliseconds of Unix time: ages count from here, not by the reader's clock. */
  readonly at: number;
  readonly title: string;
  readonly sections: readonly RenderedSection[];
}

/** Renders what a snapshot says, as of now. */
export function renderStatus(snapshot: StatusSnapshot, now: Date): StatusView {
  const sections = [
    overview(snapshot, now),
    conditions(snapshot.conditions, now),
    servers(snapshot.servers),
    queues(snapshot.queues, snapshot.at, now),
    deadLetters(snapshot.deadLetters),
    agents(snapshot.agents, snapshot.at, now),
    tasks(snapshot.tasks, now),
  ];
  return {
    at: now.getTime(),
    title: sections[0]?.title ?? '',
    sections: sections.map(renderSection),
  };
}

/** The whole page. */
export function renderPage({ at, title, sections }: StatusView): string {
  return page({
    title: `${title} · AskFlash`,
    root: './',
    script: true,
    aside: html`<p id="connection" data-state="still">As of when it was loaded</p>`,
    main: html`<p id="announcer" class="unseen" aria-live="polite"></p>
      <div id="sections" data-at="${at}">${sections.map((each) => new Html(each.html))}</div>`,
  });
}

function renderSection({ id, body }: Section): RenderedSection {
  const version = createHash('sha256')
    .update(withoutAges(body.toString()))
    .digest('base64url')
    .slice(0, 16);
  const markup = html`<section id="${id}" aria-labelledby="${id}-title" data-version="${version}">
    ${body}
  </section>`;
  return { id, version, html: markup.toString() };
}
