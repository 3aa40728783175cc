import { count } from './format';
import { html, type Html } from './html';

const WIDTH = 96;
const HEIGHT = 20;

/** How a figure went, as a line from left to right; told in words too. */
export function sparkline(values: readonly number[]): Html | undefined {
  if (values.length < 2) return undefined;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (index: number) => round((index / (values.length - 1)) * WIDTH);
  const y = (value: number) => round(HEIGHT - 1 - (value / Math.max(most, 1)) * (HEIGHT - 2));
  const line = values.map((value, index) => `${x(index)},${y(value)}`).join(' ');
  return html`<svg
      class="sparkline"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      width="${WIDTH}"
      height="${HEIGHT}"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon points="0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}" />
      <polyline points="${line}" /></svg
    ><span class="unseen">between ${count(least)} and ${count(most)} in the last minutes</span>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
