import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspaceCopy, type WorkspaceCopy } from '@askflash/testing';

describe('nx release, after a commit that adds something', () => {
  let copy: WorkspaceCopy;

  beforeAll(async () => {
    copy = await createWorkspaceCopy();
    await copy.run('git', ['tag', 'v1.2.3']);
    appendFileSync(join(copy.folder, 'apps/agents/executor/src/main.ts'), '// A change.\n');
    await copy.commit('feat(executor): longer answers');
  });

  afterAll(() => copy?.remove());

  it('would write the next version and the changelog, and changes nothing when dry', async () => {
    const said = await copy.run('nx', ['release', '--dry-run', '--skip-publish']);
    expect(said).toContain('New version 1.3.0 written to manifest: package.json');
    expect(said).toContain('**executor:** longer answers');
    expect(await copy.run('git', ['status', '--porcelain'])).toBe('');
  });

  it('writes, commits and tags them', async () => {
    await copy.run('nx', ['release', '--skip-publish']);
    const changelog = readFileSync(join(copy.folder, 'CHANGELOG.md'), 'utf8');
    expect(changelog).toMatch(
      /^## 1\.3\.0 .*\n\n### .*Features\n\n- \*\*executor:\*\* longer answers\n/,
    );
    expect(await copy.run('git', ['describe', '--tags'])).toBe('v1.3.0\n');
    expect(await copy.run('git', ['status', '--porcelain'])).toBe('');
  });
});
