import { readdirSync } from 'node:fs';

const VERSIONS = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs, of the newest version that Debian's packages have put there. */
export function findBinaries(): string {
  const [newest] = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  return `${VERSIONS}/${newest}/bin`;
}
