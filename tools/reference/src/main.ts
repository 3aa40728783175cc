import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { reportFailure } from '@askflash/service-kit';
import { allPages } from './pages/all';

/** Writes `docs/reference`, and what else follows from the sources; run from the workspace's root, by `npm run docs`. */
function main(): void {
  const folder = join(process.cwd(), 'docs/reference');
  // A contract that is gone leaves no schema behind.
  rmSync(join(folder, 'contracts'), { recursive: true, force: true });
  for (const [file, text] of Object.entries(allPages(process.cwd()))) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${relative(process.cwd(), path)}\n`);
  }
}

try {
  main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
