import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reportFailure } from '@askflash/service-kit';
import { allPages } from './pages/all';

/** Writes `docs/reference`; run from the workspace's root, by `npm run docs`. */
function main(): void {
  const folder = join(process.cwd(), 'docs/reference');
  // A contract that is gone leaves no schema behind.
  rmSync(join(folder, 'contracts'), { recursive: true, force: true });
  for (const [file, text] of Object.entries(allPages(process.cwd()))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    process.stdout.write(`docs/reference/${file}\n`);
  }
}

try {
  main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
