import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtApps } from './apps.mjs';
import { isBuilt, markBuilt, sourcesHash } from './build.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  for (const main of builtApps()) write(main);
  write('libs/a/src/index.ts');
});
const write = (path: string, text = '') => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

describe('isBuilt', () => {
  it('says yes once a build is recorded, and no after any change of a source', () => {
    expect(isBuilt(root)).toBe(false);
    markBuilt(sourcesHash(root), root);
    expect(isBuilt(root)).toBe(true);
    write('libs/a/src/index.ts', 'changed');
    expect(isBuilt(root)).toBe(false);
  });

  it.each([
    ['a new file', () => write('libs/a/src/new.ts')],
    ['a missing file', () => rmSync(join(root, 'libs/a/src/index.ts'))],
    ['a missing app', () => rmSync(join(root, builtApps()[0] ?? ''))],
    ['other packages', () => write('package-lock.json', '{}')],
  ])('says no after %s', (_what, change) => {
    markBuilt(sourcesHash(root), root);
    change();
    expect(isBuilt(root)).toBe(false);
  });
});
