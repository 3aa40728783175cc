import { z } from 'zod';
import { readJson } from './workspace';

const versions = z.record(z.string(), z.string());

const manifest = z.object({
  version: z.string(),
  scripts: versions,
  dependencies: versions,
  devDependencies: versions,
  overrides: versions.default({}),
});

/** The workspace's package.json. */
export function readManifest(): z.infer<typeof manifest> {
  return manifest.parse(readJson('package.json'));
}

/** The versions of all packages that package.json names. */
export function readVersions(): Record<string, string> {
  const { dependencies, devDependencies, overrides } = readManifest();
  return { ...overrides, ...devDependencies, ...dependencies };
}
