import { stripVTControlCharacters as plain } from 'node:util';
import { closingLine, resultLines } from './print-report';
import type { ScenarioResult } from './scenario';

const passed: ScenarioResult = {
  name: 'a',
  title: 'End-to-end flow',
  status: 'passed',
  durationMs: 1234,
  finding: { summary: '1 template', steps: [{ name: 'quick_answer', durationMs: 12.4 }] },
};
const failed: ScenarioResult = {
  name: 'b',
  title: 'Redis connection',
  status: 'failed',
  durationMs: 7,
  failure: { part: 'Redis', code: 'REDIS_DOWN', message: 'It is down', remedy: 'Start it.' },
};
const notRun: ScenarioResult = {
  name: 'c',
  title: 'Redis streams',
  status: 'not-run',
  durationMs: 0,
  blockedBy: ['redis'],
};

describe('resultLines', () => {
  it('shows time and finding of one that passed, and its steps', () => {
    const [head, step] = resultLines(passed, 9).map((line) => plain(line));
    expect(head).toMatch(/^ ✓ {2}9 End-to-end flow +1234 ms {2}1 template$/);
    expect(step).toMatch(/^ {6}quick_answer +12 ms$/);
  });

  it('shows part, code, message and remedy of one that failed', () => {
    const lines = resultLines(failed, 3).map((line) => plain(line));
    expect(lines[0]).toMatch(/^ ✗ {2}3 Redis connection +7 ms {2}Redis: REDIS_DOWN$/);
    expect(lines.slice(1)).toEqual(['      It is down', '      what to do: Start it.']);
  });

  it('shows what one that was not run needs', () => {
    expect(resultLines(notRun, 4).map((line) => plain(line))[0]).toMatch(/not run {2}needs redis$/);
  });

  it('sums up', () => {
    const report = {
      status: 'failed' as const,
      durationMs: 50,
      scenarios: [passed, failed, notRun],
    };
    expect(plain(closingLine(report))).toBe('1 of 3 scenarios passed in 50 ms');
  });
});
