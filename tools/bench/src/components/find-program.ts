import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BenchProgramMissingError } from '../errors';

/** Debian has PostgreSQL's programs here, a folder a version, and few of them on the PATH. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/**
 * The path of a program.
 *
 * @throws {BenchProgramMissingError} where it is not installed
 */
export function findProgram(name: string): string {
  const found = folders()
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (found === undefined) throw new BenchProgramMissingError(`${name} is not installed`);
  return found;
}

function folders(): string[] {
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS) : [];
  return [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(POSTGRES_VERSIONS, version, 'bin')),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
