import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markInstalled, needsInstall } from './packages.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'packages-'));
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3}');
});

describe('needsInstall', () => {
  it('says yes where nothing is installed', () => {
    expect(needsInstall(root)).toBe(true);
  });

  it('says yes where node_modules was left half-made', () => {
    mkdirSync(join(root, 'node_modules'));
    expect(needsInstall(root)).toBe(true);
  });

  it('says no after an installation, until the lock file changes', () => {
    mkdirSync(join(root, 'node_modules'));
    markInstalled(root);
    expect(needsInstall(root)).toBe(false);
    writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    expect(needsInstall(root)).toBe(true);
  });
});
