import { formatNumber } from './format';
import type { BenchResults, GroupResult } from './results';

const WIDTH = 760;
const LABEL_WIDTH = 190;
const BAR_WIDTH = 440;
const ROW_HEIGHT = 22;
const PANEL_GAP = 26;

const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#24292f}',
  '.title{font-weight:600}',
  'rect{fill:#0969da}',
  '.reference{fill:#8c959f}',
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#58a6ff}.reference{fill:#6e7681}}',
].join('');

interface Bar {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly isReference: boolean;
}

/** The first figure of each group as bars, as an SVG that suits light and dark pages. */
export function toChart({ groups }: BenchResults): string {
  let y = 0;
  const panels = groups.flatMap((group) => {
    const bars = barsOf(group);
    if (bars.length === 0) return [];
    const panel = panelOf(group, bars, y);
    y += (bars.length + 1) * ROW_HEIGHT + PANEL_GAP;
    return panel;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Figures of the benchmark">`,
    `<style>${STYLE}</style>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf(group: GroupResult): Bar[] {
  const headline = group.benchmarks.flatMap(({ figures }) => figures)[0]?.name;
  return group.benchmarks.flatMap(({ name, figures }) =>
    figures
      .filter((figure) => figure.name === headline)
      .map(({ median, unit }) => ({
        label: name,
        value: median,
        unit,
        isReference: name === group.reference,
      })),
  );
}

function panelOf(group: GroupResult, bars: readonly Bar[], top: number): string[] {
  const largest = Math.max(...bars.map(({ value }) => value));
  const headline = group.benchmarks.flatMap(({ figures }) => figures)[0];
  const [baseline, height] = [16, 15];
  return [
    `<text class="title" x="0" y="${top + baseline}">${escape(`${group.title}: ${headline?.name ?? ''}`)}</text>`,
    ...bars.flatMap(({ label, value, unit, isReference }, index) => {
      const y = top + (index + 1) * ROW_HEIGHT;
      const width = largest > 0 ? Math.max((value / largest) * BAR_WIDTH, 1) : 1;
      return [
        `<text x="0" y="${y + baseline}">${escape(label)}</text>`,
        `<rect${isReference ? ' class="reference"' : ''} x="${LABEL_WIDTH}" y="${y + 4}" width="${width.toFixed(1)}" height="${height}" rx="2"/>`,
        `<text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${y + baseline}">${escape(`${formatNumber(value)} ${unit}`)}</text>`,
      ];
    }),
  ];
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
