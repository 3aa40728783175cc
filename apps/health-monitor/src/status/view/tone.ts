import { html, type Html } from './html';

/** What a status means to whoever looks; each has a colour and a shape of its own. */
export type Tone = 'good' | 'busy' | 'idle' | 'warning' | 'bad' | 'unknown';

const ring = html`<circle
  cx="8"
  cy="8"
  r="6.5"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
/>`;

/** Within a square of 16; marks are cut out of their shape, so they are seen on any background. */
const SHAPES: Readonly<Record<Tone, Html>> = {
  good: html`<path
    fill="currentColor"
    fill-rule="evenodd"
    d="M8 .5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 0 1 0-15zM7 11.6l5.2-5.2-1.5-1.5L7 8.6 5.3 6.9 3.8 8.4z"
  />`,
  busy: html`${ring}<path fill="currentColor" d="M8 3.5a4.5 4.5 0 0 1 0 9z" />`,
  idle: ring,
  warning: html`<path
    fill="currentColor"
    fill-rule="evenodd"
    d="M8 .8 15.8 15H.2zM7 5.8v4.4h2V5.8zM7 11.4v1.9h2v-1.9z"
  />`,
  bad: html`<path
    fill="currentColor"
    fill-rule="evenodd"
    d="M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9zM4.3 5.7 6.6 8l-2.3 2.3 1.4 1.4L8 9.4l2.3 2.3 1.4-1.4L9.4 8l2.3-2.3-1.4-1.4L8 6.6 5.7 4.3z"
  />`,
  unknown: html`<path
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-dasharray="2.5 2"
    d="M8 1.5 14.5 8 8 14.5 1.5 8z"
  />`,
};

/** The shape of a tone, for the eye only: words have to stand beside it. */
export function shape(tone: Tone): Html {
  return html`<svg class="shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${SHAPES[tone]}
  </svg>`;
}

/** A status by colour, shape and word. */
export function badge(tone: Tone, word: string): Html {
  return html`<span class="badge ${tone}">${shape(tone)}<span>${word}</span></span>`;
}
