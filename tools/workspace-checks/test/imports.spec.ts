import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE_ROOT } from '../src/workspace';

/** Follows every import below the folders, types included. */
function cruise(...folders: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    'node_modules/.bin/depcruise',
    ['--config', 'tools/workspace-checks/dependency-cruiser.mjs', ...folders],
    { cwd: WORKSPACE_ROOT, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

describe('imports', () => {
  it('lead round in no circle', () => {
    const { status, output } = cruise('apps', 'libs', 'tools');
    expect(output).toMatch(/no dependency violations found \(\d{4,} modules/);
    expect(status).toBe(0);
  });

  it('are told where they do, be it only for a type', () => {
    mkdirSync(join(WORKSPACE_ROOT, 'tmp'), { recursive: true });
    const folder = mkdtempSync(join(WORKSPACE_ROOT, 'tmp', 'circle-'));
    writeFileSync(
      join(folder, 'one.ts'),
      "import { two } from './two';\nexport const one = two;\n",
    );
    writeFileSync(
      join(folder, 'two.ts'),
      "import type { one } from './one';\nexport const two = 2;\n",
    );
    const { status, output } = cruise(folder);
    rmSync(folder, { recursive: true });
    expect(output).toContain('no-circular');
    expect(status).not.toBe(0);
  });
});
