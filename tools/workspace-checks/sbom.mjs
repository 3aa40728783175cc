import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Writes the bill of materials, in CycloneDX, of what runs in production: `npm run sbom`.
 *
 * `npm sbom --omit=dev` leaves out what a development dependency needs too, Nest among it. So npm is
 * shown a lock file that has no development dependencies at all.
 */
const root = join(import.meta.dirname, '../..');
const target = process.argv[2] ?? join(root, 'dist/sbom.cdx.json');
const temporary = mkdtempSync(join(tmpdir(), 'askflash-sbom-'));
// npm calls the whole by the name of its folder.
const folder = join(temporary, 'backbone');
try {
  mkdirSync(folder);
  const lock = read('package-lock.json');
  const packages = Object.fromEntries(Object.entries(lock.packages).filter(([, one]) => !one.dev));
  packages[''] = { ...packages[''], devDependencies: {} };
  write('package.json', { ...read('package.json'), devDependencies: {} });
  write('package-lock.json', { ...lock, packages });
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];
  const sbom = execFileSync('npm', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, sbom);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** @param {string} name */
function read(name) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}

/**
 * @param {string} name
 * @param {unknown} content
 */
function write(name, content) {
  writeFileSync(join(folder, name), JSON.stringify(content));
}
