import { age, ago } from './format';
import { html, type Html } from './html';

/** Ages go on without the server: the page's script counts them up, and they make no section new. */
const AGE = /(<time data-age="\w+" datetime="[^"]*">)[^<]*/g;

/** A moment as its age, `12 s ago`. */
export function since(at: Date, now: Date): Html {
  return moment('ago', at, ago(now.getTime() - at.getTime()));
}

/** How long something has lasted by now, `12 s`. */
export function lasting(from: Date, now: Date): Html {
  return moment('for', from, age(now.getTime() - from.getTime()));
}

/** Markup without the ages in it: the same as long as nothing but time goes by. */
export function withoutAges(markup: string): string {
  return markup.replaceAll(AGE, '$1');
}

function moment(kind: 'ago' | 'for', at: Date, text: string): Html {
  return html`<time data-age="${kind}" datetime="${at.toISOString()}">${text}</time>`;
}
