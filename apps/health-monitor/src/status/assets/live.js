/* global document, window, EventSource */
'use strict';

/**
 * Keeps the status page up to date. The server sends sections as it would render them; each is put in
 * the place of its former self, which leaves focus, folded parts and selected text alone.
 *
 *   still ──open──► live ──error, or silence──► reconnecting ──open──► live
 */
(() => {
  /** The server speaks at least every 5 seconds. */
  const SILENCE_MS = 15_000;
  const RETRY_MS = 3_000;

  const sections = document.getElementById('sections');
  const connection = document.getElementById('connection');
  const announcer = document.getElementById('announcer');

  /** How much the server's clock is ahead of this one. */
  let aheadMs = Number(sections.dataset.at) - Date.now();
  /** Sections that wait until nothing in them is selected any more, by id. */
  const pending = new Map();
  /** What the reader has folded or unfolded, by id. */
  const unfolded = new Map();
  const known = new Set(conditions().map(({ id }) => id));
  let source;
  let heardAtMs = 0;

  function connect() {
    source?.close();
    heardAtMs = Date.now();
    source = new EventSource('status/events');
    source.addEventListener('sections', ({ data }) => {
      const { at, title, sections: changed } = JSON.parse(data);
      heardAtMs = Date.now();
      aheadMs = at - heardAtMs;
      document.title = `${title} · AskFlash`;
      show('live', 'Live');
      for (const section of changed) pending.set(section.id, section);
      apply();
    });
    source.addEventListener('error', () => show('reconnecting', 'Reconnecting …'));
  }

  function show(state, text) {
    if (connection.dataset.state === state) return;
    connection.dataset.state = state;
    connection.textContent = text;
  }

  function apply() {
    for (const { id, version, html } of pending.values()) {
      const old = document.getElementById(id);
      if (isSelectedIn(old)) continue;
      pending.delete(id);
      if (old.dataset.version !== version) replace(old, html);
    }
    announce();
    countAges();
  }

  function isSelectedIn(element) {
    const selection = window.getSelection();
    return Boolean(selection && !selection.isCollapsed && selection.containsNode(element, true));
  }

  function replace(old, html) {
    const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
    const template = document.createElement('template');
    template.innerHTML = html;
    for (const details of template.content.querySelectorAll('details')) {
      if (unfolded.has(details.id)) details.open = unfolded.get(details.id);
    }
    old.replaceWith(template.content);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function conditions() {
    return [...document.querySelectorAll('[data-condition]')];
  }

  /** Says what has newly gone wrong, and nothing else: figures change all the time. */
  function announce() {
    const opened = conditions().filter(({ id }) => !known.has(id));
    if (opened.length === 0) return;
    for (const { id } of opened) known.add(id);
    announcer.textContent = opened.map(({ dataset }) => dataset.condition).join(' ');
  }

  function countAges() {
    const now = Date.now() + aheadMs;
    for (const time of document.querySelectorAll('time[data-age]')) {
      const ms = now - Date.parse(time.dateTime);
      const text = time.dataset.age === 'for' ? age(ms) : ago(ms);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function ago(ms) {
    return ms < 1_000 ? 'just now' : `${age(ms)} ago`;
  }

  /** As the server says it. */
  function age(ms) {
    const [s, min, h, d] = [1_000, 60_000, 3_600_000, 86_400_000].map((unit) =>
      Math.floor(ms / unit),
    );
    if (min === 0) return `${Math.max(1, s)} s`;
    if (h === 0) return `${min} min`;
    if (d === 0) return `${h} h${min % 60 ? ` ${min % 60} min` : ''}`;
    return `${d} d${h % 24 ? ` ${h % 24} h` : ''}`;
  }

  function watch() {
    countAges();
    const isSilent = Date.now() - heardAtMs > SILENCE_MS;
    // A browser gives up for good where it is answered with anything but a stream.
    const isGivenUp = source.readyState === EventSource.CLOSED && Date.now() - heardAtMs > RETRY_MS;
    if (isSilent) show('reconnecting', 'Reconnecting …');
    if (isSilent || isGivenUp) connect();
  }

  document.addEventListener('click', ({ target }) => {
    const details = target.closest?.('summary')?.parentElement;
    if (details) unfolded.set(details.id, !details.open);
  });
  document.addEventListener('selectionchange', () => pending.size > 0 && apply());
  connect();
  window.setInterval(watch, 1_000);
})();
