import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readManifest } from '../src/manifest';
import { readJson, readText, WORKSPACE_ROOT } from '../src/workspace';

describe('the hooks of Git', () => {
  it('format and lint what is staged, and check the message', () => {
    expect(readText('.husky/pre-commit')).toContain('lint-staged');
    expect(readText('.husky/commit-msg')).toContain('commitlint --edit "$1"');
  });

  it('are set up with the packages, and fail nobody who installs without them', () => {
    expect(readManifest().scripts['prepare']).toBe('husky || true');
  });
});

describe('the dev container', () => {
  const container = z
    .object({
      image: z.string(),
      postCreateCommand: z.literal('npm ci'),
      customizations: z.object({ vscode: z.object({ extensions: z.array(z.string()) }) }),
    })
    .parse(readJson('.devcontainer/devcontainer.json'));

  it('has the oldest Node that is supported, and the extensions for what CI checks', () => {
    expect(container.image).toContain(`:${readText('.nvmrc').split('.')[0]}-`);
    expect(container.customizations.vscode.extensions).toEqual(
      expect.arrayContaining(['nrwl.angular-console', 'dbaeumer.vscode-eslint']),
    );
  });
});

describe('a release', () => {
  it('is of one version everywhere, which the changelog begins with', () => {
    const { version } = readManifest();
    expect(readJson('tools/release/package.json')).toMatchObject({ version, private: true });
    expect(readText('CHANGELOG.md')).toMatch(new RegExp(`^##? ${version.replaceAll('.', '\\.')} `));
  });
});

describe('the bill of materials', () => {
  it('names every package that runs in production, in CycloneDX', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sbom-')), 'sbom.json');
    execFileSync(process.execPath, ['tools/workspace-checks/sbom.mjs', file], {
      cwd: WORKSPACE_ROOT,
    });
    const json = readFileSync(file, 'utf8');
    rmSync(dirname(file), { recursive: true });
    const { bomFormat, components } = z
      .object({ bomFormat: z.string(), components: z.array(z.object({ name: z.string() })) })
      .parse(JSON.parse(json));
    expect(bomFormat).toBe('CycloneDX');
    expect(components.length).toBeGreaterThan(50);
    const listed = new Set(components.map(({ name }) => name));
    const { dependencies } = readManifest();
    expect(Object.keys(dependencies).filter((name) => !listed.has(name))).toEqual([]);
    expect([...listed].filter((name) => /^(nx|jest|eslint|webpack)$/.test(name))).toEqual([]);
    for (const here of [WORKSPACE_ROOT, tmpdir()]) expect(json).not.toContain(`${here}/`);
  });
});
