import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allPages } from './pages/all';

const workspaceRoot = join(__dirname, '../../..');
const pages = allPages(workspaceRoot);

describe('docs/reference', () => {
  it.each(Object.keys(pages))('%s is what `npm run docs` writes; run it and commit', (file) => {
    const committed = readFileSync(join(workspaceRoot, 'docs/reference', file), 'utf8');
    expect(committed).toBe(pages[file]);
  });
});
