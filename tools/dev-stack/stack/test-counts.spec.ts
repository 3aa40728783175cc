import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUp } from './test-counts.mjs';

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
    expect(addUp(join(folder, 'none'), [])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
