import { toChart } from './chart';
import { fillDocument } from './document';
import { formatNumber } from './format';
import { benchResults, mergeResults } from './results';
import { RESULTS } from './results.fixture';
import { rowsOf } from './rows';
import { toText } from './text';

describe('formatNumber', () => {
  it.each([
    [12345.6, '12,346'],
    [664, '664'],
    [45.67, '45.7'],
    [4.567, '4.57'],
    [0.0985, '0.0985'],
    [0, '0'],
    [NaN, '–'],
  ])('shows %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('rowsOf', () => {
  it('gives a row a figure, with spread, ratio and target', () => {
    expect(RESULTS.groups.flatMap(rowsOf)).toEqual([
      ['ours (reference)', 'tasks', '1,100/s', '1,000 – 1,200', '', '✓ ≥ 1 × peer'],
      ['', 'p99', '41.2 ms', '1 round', '', '✗ ≤ 40'],
      ['peer', 'tasks', '550/s', '1 round', '0.5 ×', ''],
      ['broken', 'failed: WorkUndoneError: 1 | 2', '', '', '', ''],
    ]);
  });
});

describe('toText', () => {
  it('names the machine and what each benchmark is', () => {
    const text = toText(RESULTS);
    expect(text).toContain('ours: The backbone. Durability: fsync.');
    expect(text).toContain('Some CPU, 2 cores, 8 GiB of memory, Some Linux');
    expect(text).toContain('8 KiB are durable on disk after 0.5 ms (p99 2 ms)');
    expect(text).toContain('Node 20.20.0, Redis 7.0.15');
  });
});

describe('toChart', () => {
  it('draws the first figure of each benchmark that has it, as long as it is large', () => {
    const chart = toChart(RESULTS);
    const widths = [...chart.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => width);
    expect(widths).toEqual(['440.0', '220.0']);
    expect(chart).toContain('Five stages &lt;nothing> &amp; none: tasks');
    expect(chart).toContain('class="reference"');
  });

  it('draws all figures in one unit of a benchmark that stands alone', () => {
    const [systems] = RESULTS.groups;
    const [ours] = systems?.benchmarks ?? [];
    if (!systems || !ours) throw new Error('The fixture has changed');
    const chart = toChart({ ...RESULTS, groups: [{ ...systems, benchmarks: [ours] }] });
    expect(chart.match(/<rect/g)).toHaveLength(1);
    expect(chart).toContain('>1,100/s</text>');
  });

  it('is an empty picture of nothing', () => {
    expect(toChart({ ...RESULTS, groups: [] })).toMatch(/^<svg[^>]*height="0"/);
  });
});

describe('fillDocument', () => {
  const document = [
    'Before',
    '<!-- bench:systems -->',
    'old | table',
    '<!-- /bench -->',
    'Between',
    '<!-- bench:machine -->',
    '<!-- /bench -->',
    '<!-- bench:idle -->',
    '<!-- /bench -->',
  ].join('\n');
  const filled = fillDocument(document, RESULTS);

  it('replaces what stands between the marks and nothing else', () => {
    expect(filled).not.toContain('old | table');
    expect(filled).toContain('| peer             | tasks  ');
    expect(filled).toContain('Between\n<!-- bench:machine -->\n\n- Some CPU');
    expect(filled.startsWith('Before\n')).toBe(true);
  });

  it('says so where a group has not been measured', () => {
    expect(filled).toContain('<!-- bench:idle -->\n\nNot measured yet.\n\n<!-- /bench -->');
  });

  it('keeps what would break a table out of it', () => {
    expect(filled).toContain('WorkUndoneError: 1 \\| 2');
  });

  it('changes nothing the second time', () => {
    expect(fillDocument(filled, RESULTS)).toBe(filled);
  });
});

describe('mergeResults', () => {
  const [systems] = RESULTS.groups;
  const newer = {
    ...RESULTS,
    groups: systems ? [{ ...systems, name: 'idle' }] : [],
  };

  it('keeps the groups that were not measured anew', () => {
    const names = mergeResults(RESULTS, newer).groups.map(({ name }) => name);
    expect(names).toEqual(['systems', 'idle']);
  });

  it('drops figures of another machine', () => {
    const elsewhere = { ...newer, machine: { ...newer.machine, cores: 4 } };
    expect(mergeResults(RESULTS, elsewhere)).toEqual(elsewhere);
  });

  it('keeps to the schema', () => {
    expect(benchResults.parse(mergeResults(RESULTS, newer))).toEqual(mergeResults(RESULTS, newer));
  });
});
