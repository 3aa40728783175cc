import { posix } from 'node:path';
import { preProcessFile } from 'typescript';
import { z } from 'zod';
import { readJson, readText } from './workspace';

const projectFile = z.object({
  name: z.string(),
  tags: z.array(z.string()).default([]),
  implicitDependencies: z.array(z.string()).default([]),
  targets: z.record(z.string(), z.object({ inputs: z.array(z.unknown()).default([]) })).default({}),
});

const compilerOptions = z.object({
  compilerOptions: z.object({ paths: z.record(z.string(), z.array(z.string())) }),
});

/** One project, as its own files tell, without asking Nx. */
export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
  /** The files that its code imports, packages aside, as paths from the root without extension. */
  readonly imports: readonly string[];
  /** The projects that it says itself it depends on. */
  readonly implicit: readonly string[];
  /** Whether it says so of all others, or reads the sources of all apps. */
  readonly watchesAll: boolean;
}

/** Reads all projects of a workspace from its files, given as paths from its root. */
export function readProjects(root: string, paths: readonly string[]): Project[] {
  const aliases = compilerOptions.parse(readJson('tsconfig.base.json', root)).compilerOptions.paths;
  const projectFiles = paths.filter((path) => posix.basename(path) === 'project.json');
  return projectFiles.map((path) => {
    const folder = posix.dirname(path);
    const { name, tags, implicitDependencies, targets } = projectFile.parse(readJson(path, root));
    const code = paths.filter((file) => isIn(folder, file) && /\.(ts|js|mjs)$/.test(file));
    const inputs = Object.values(targets).flatMap((target) => target.inputs);
    return {
      name,
      folder,
      tags,
      implicit: implicitDependencies,
      imports: code.flatMap((file) =>
        importsOf(readText(file, root)).map((specifier) =>
          specifier.startsWith('.')
            ? posix.join(posix.dirname(file), specifier)
            : posix.normalize(aliases[specifier]?.[0] ?? specifier),
        ),
      ),
      watchesAll:
        implicitDependencies.includes('*') || inputs.includes('{workspaceRoot}/apps/**/*'),
    };
  });
}

/** The names of a project and of all that use it, directly or through others, in order. */
export function withDependants(project: Project, projects: readonly Project[]): string[] {
  const found = new Set([project]);
  // A set that is iterated visits what is added meanwhile.
  for (const used of found) {
    for (const other of projects) if (uses(other, used)) found.add(other);
  }
  return [...found].map(({ name }) => name).sort();
}

function uses({ watchesAll, implicit, imports }: Project, { name, folder }: Project): boolean {
  return watchesAll || implicit.includes(name) || imports.some((path) => isIn(folder, path));
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`);
}

function importsOf(text: string): string[] {
  return preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}
