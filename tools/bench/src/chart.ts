import { withUnit } from './format';
import type { BenchResults, FigureResult, GroupResult } from './results';

const WIDTH = 760;
const LABEL_WIDTH = 190;
const BAR_WIDTH = 440;
const ROW_HEIGHT = 22;
const PANEL_GAP = 26;
const BASELINE = 16;

const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#24292f}',
  '.title{font-weight:600}',
  'rect{fill:#0969da}',
  '.reference{fill:#8c959f}',
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#58a6ff}.reference{fill:#6e7681}}',
].join('');

interface Bar {
  readonly label: string;
  readonly text: string;
  readonly value: number;
  readonly isReference: boolean;
}

interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** Each group as bars, as an SVG that suits light and dark pages. */
export function toChart({ groups }: BenchResults): string {
  let y = 0;
  const drawn = groups.map(panelOf).flatMap((panel) => {
    if (panel.bars.length === 0) return [];
    const lines = draw(panel, y);
    y += (panel.bars.length + 1) * ROW_HEIGHT + PANEL_GAP;
    return lines;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Figures of the benchmark">`,
    `<style>${STYLE}</style>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** The first figure of each benchmark; of one that has nothing beside it, all in the same unit. */
function panelOf({ title, reference, benchmarks }: GroupResult): Panel {
  const first = benchmarks.flatMap(({ figures }) => figures)[0];
  if (!first) return { title, bars: [] };
  const barOf = (label: string, { median, unit }: FigureResult, isReference = false): Bar => ({
    label,
    text: withUnit(median, unit),
    value: median,
    isReference,
  });
  if (benchmarks.length === 1) {
    const alike = benchmarks.flatMap(({ figures }) =>
      figures.filter(({ unit }) => unit === first.unit),
    );
    return { title, bars: alike.map((figure) => barOf(figure.name, figure)) };
  }
  const bars = benchmarks.flatMap(({ name, figures }) =>
    figures
      .filter((figure) => figure.name === first.name)
      .map((figure) => barOf(name, figure, name === reference)),
  );
  return { title: `${title}: ${first.name}`, bars };
}

function draw({ title, bars }: Panel, top: number): string[] {
  const largest = Math.max(...bars.map(({ value }) => value));
  return [
    `<text class="title" x="0" y="${top + BASELINE}">${escape(title)}</text>`,
    ...bars.flatMap(({ label, text, value, isReference }, index) => {
      const y = top + (index + 1) * ROW_HEIGHT;
      const width = largest > 0 ? Math.max((value / largest) * BAR_WIDTH, 1) : 1;
      return [
        `<text x="0" y="${y + BASELINE}">${escape(label)}</text>`,
        `<rect${isReference ? ' class="reference"' : ''} x="${LABEL_WIDTH}" y="${y + 4}" width="${width.toFixed(1)}" height="15" rx="2"/>`,
        `<text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${y + BASELINE}">${escape(text)}</text>`,
      ];
    }),
  ];
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
