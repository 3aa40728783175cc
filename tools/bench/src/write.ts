import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toChart } from './chart';
import { fillDocument } from './document';
import { benchResults, mergeResults, type BenchResults } from './results';
import { toText } from './text';

/** Where it runs: `npm run bench` starts it in the root of the workspace. */
const ROOT = process.cwd();

/** Where each run leaves its results. */
export const RESULTS_FOLDER = 'dist/bench';

const DOCUMENT = 'docs/benchmarks.md';
const DOCUMENTED_RESULTS = 'docs/benchmarks.json';
const DOCUMENTED_CHART = 'docs/images/benchmarks.svg';

/** Writes what a run gave, as JSON, chart and text. */
export function writeResults(results: BenchResults): void {
  mkdirSync(join(ROOT, RESULTS_FOLDER), { recursive: true });
  write(`${RESULTS_FOLDER}/results.json`, toJson(results));
  write(`${RESULTS_FOLDER}/chart.svg`, toChart(results));
  write(`${RESULTS_FOLDER}/table.txt`, toText(results));
}

/** Puts what a run gave into the documentation: the results there, and the tables made of them. */
export function addToDocs(results: BenchResults): void {
  const file = join(ROOT, DOCUMENTED_RESULTS);
  const merged = existsSync(file)
    ? mergeResults(benchResults.parse(JSON.parse(readFileSync(file, 'utf8'))), results)
    : results;
  write(DOCUMENTED_RESULTS, toJson(merged));
  write(DOCUMENTED_CHART, toChart(merged));
  write(DOCUMENT, fillDocument(readFileSync(join(ROOT, DOCUMENT), 'utf8'), merged));
}

function write(name: string, text: string): void {
  writeFileSync(join(ROOT, name), text);
}

function toJson(results: BenchResults): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}
