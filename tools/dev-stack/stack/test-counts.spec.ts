import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUp, describeFailure } from './test-counts.mjs';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'counts-'))));
const write = (project: string, kind: string, passed: number, failed: number, skipped = 0) => {
  mkdirSync(join(folder, project), { recursive: true });
  writeFileSync(join(folder, project, `${kind}.json`), JSON.stringify({ passed, failed, skipped }));
};

describe('addUp', () => {
  it('adds up every project and kind', () => {
    write('a', 'unit', 3, 0, 1);
    write('a', 'integration', 2, 1);
    write('b', 'unit', 5, 0);
    expect(addUp(folder, [{ project: 'a', target: 'integration' }])).toEqual({
      passed: 10,
      failed: 1,
      skipped: 1,
      failures: [],
    });
  });

  it('tells which tests failed, and in which project', () => {
    const failure = { test: 'b.spec.ts › b › works', message: 'expected 1' };
    mkdirSync(join(folder, 'a'));
    writeFileSync(
      join(folder, 'a', 'unit.json'),
      JSON.stringify({ passed: 3, failed: 1, skipped: 0, failures: [failure] }),
    );
    expect(addUp(folder, [{ project: 'a', target: 'test' }])).toMatchObject({
      failed: 1,
      failures: [{ project: 'a', ...failure }],
    });
  });

  it('counts a failed lint, typecheck or build as one', () => {
    const failed = ['lint', 'typecheck', 'build'].map((target) => ({ project: 'a', target }));
    expect(addUp(folder, failed)).toMatchObject({ passed: 0, failed: 3 });
  });

  it('counts tests that failed without a word of it as one', () => {
    write('a', 'unit', 3, 0);
    const failed = [
      { project: 'a', target: 'test' },
      { project: 'b', target: 'e2e' },
    ];
    expect(addUp(folder, failed)).toMatchObject({ passed: 3, failed: 2 });
  });

  it('knows nothing where nothing was run', () => {
    expect(addUp(join(folder, 'none'), [])).toEqual({
      passed: 0,
      failed: 0,
      skipped: 0,
      failures: [],
    });
  });
});

describe('describeFailure', () => {
  it('names the test and begins what it said, in plain text', () => {
    const said = ['\x1b[31mexpected\x1b[39m 1', ...new Array(100).fill('at somewhere')].join('\n');
    const shown = describeFailure({ project: 'a', test: 'b.spec.ts › b', message: said }).split(
      '\n',
    );
    expect(shown.slice(0, 2)).toEqual(['✗ a: b.spec.ts › b', '    expected 1']);
    expect(shown.length).toBeLessThan(30);
  });
});
