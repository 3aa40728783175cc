import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toChart } from '../src/chart';
import { fillDocument } from '../src/document';
import { GROUPS } from '../src/groups';
import { benchResults } from '../src/results';

const DOCS = resolve(__dirname, '../../../docs');

const read = (file: string): string => readFileSync(join(DOCS, file), 'utf8');

describe('docs/benchmarks.md', () => {
  const results = benchResults.parse(JSON.parse(read('benchmarks.json')));

  it('shows the results that stand beside it', () => {
    expect(read('benchmarks.md')).toBe(fillDocument(read('benchmarks.md'), results));
  });

  it('draws them too', () => {
    expect(read('images/benchmarks.svg')).toBe(toChart(results));
  });

  it('has a place for every group', () => {
    const places = [...read('benchmarks.md').matchAll(/<!-- bench:(\S+) -->/g)].map(
      ([, name]) => name,
    );
    expect(places.sort()).toEqual(['machine', ...GROUPS.map(({ name }) => name)].sort());
  });

  it('names no benchmark twice in a group', () => {
    for (const { benchmarks } of GROUPS) {
      const names = benchmarks.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('links to pages that there are', () => {
    const links = [...read('benchmarks.md').matchAll(/\]\((?!https?:)([^)#]+)/g)];
    expect(
      links.map(([, link = '']) => link).filter((link) => !existsSync(join(DOCS, link))),
    ).toEqual([]);
  });
});
