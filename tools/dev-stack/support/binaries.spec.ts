import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFolder } from './binaries.mjs';

const root = mkdtempSync(join(tmpdir(), 'binaries-'));
const install = (folder: string, ...programs: string[]) => {
  mkdirSync(join(root, folder), { recursive: true });
  for (const program of programs) {
    writeFileSync(join(root, folder, program), '');
    chmodSync(join(root, folder, program), 0o755);
  }
};

describe('findFolder', () => {
  it('takes the highest version that has every program', () => {
    install('lib/9/bin', 'initdb', 'postgres');
    install('lib/15/bin', 'initdb', 'postgres');
    install('lib/16/bin', 'psql');
    expect(findFolder([`${root}/lib/*/bin`], ['initdb', 'postgres'])).toBe(`${root}/lib/15/bin`);
  });

  it('goes by the order of the folders', () => {
    install('first', 'server');
    install('second', 'server');
    expect(findFolder([`${root}/nowhere`, `${root}/first`, `${root}/second`], ['server'])).toBe(
      `${root}/first`,
    );
  });

  it('passes over what cannot be run', () => {
    install('plain');
    writeFileSync(join(root, 'plain/tool'), '', { mode: 0o644 });
    expect(findFolder([`${root}/plain`], ['tool'])).toBeUndefined();
  });
});
