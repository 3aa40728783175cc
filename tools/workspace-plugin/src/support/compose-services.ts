import type { Tree } from '@nx/devkit';
import { refuse } from './errors';
import { readText } from './source-lines';

/** What stands of an agent in each of the Compose files. */
const BLOCKS: Readonly<Record<string, (project: string) => readonly string[]>> = {
  'docker-compose.yml': (project) => [
    `  ${project}:`,
    '    <<: *agent',
    `    image: \${IMAGE_PREFIX:-askflash}/${project}:\${IMAGE_TAG:-dev}`,
  ],
  'docker-compose.override.yml': (project) => [
    `  ${project}:`,
    '    <<: *agent',
    '    build:',
    '      <<: *build',
    `      args: { <<: *node, APP: ${project} }`,
    `    environment: { <<: *agent-environment, APP_LOGIN: '${project}:\${APP_PASSWORD}' }`,
  ],
  'compose.prod.yml': (project) => [
    `  ${project}:`,
    '    <<: *agent',
    `    secrets: [{ source: ${project}_login, target: app_login }, otlp_headers]`,
  ],
  'compose.cluster.yml': (project) => [`  ${project}: *agent`],
};

/** The line that says what an agent logs in with, among those of the others. */
const LOGINS: Readonly<Record<string, (project: string) => string>> = {
  'docker-compose.override.yml': (project) => `  ${project}:\${APP_PASSWORD}`,
  'compose.prod.yml': (project) =>
    `  ${project}_login: { file: '\${SECRETS_DIR:-./secrets}/${project}_login' }`,
};

/** Any agent's such line. */
const LOGIN = /^ {2}[\w-]+-agent(:\$\{APP_PASSWORD\}|_login: .*)$/;

/** Where a service's block begins and ends, its last line not included. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

/**
 * Gives an agent its service in each of the Compose files, behind the last agent's.
 *
 * @param project name of its Nx project: `summarizer-agent`
 * @throws {GeneratorRefusedError} where a file has no agent to put it behind
 */
export function addComposeServices(tree: Tree, project: string): void {
  for (const [file, blockOf] of Object.entries(BLOCKS)) {
    const lines = readText(tree, file).split('\n');
    const last = lines.findLastIndex((line) => /^ {2}[\w-]+-agent:/.test(line));
    if (last < 0) refuse(`${file} has no agent's service`, 'Add the service by hand');
    const added = lines.toSpliced(endOf(lines, last), 0, '', ...blockOf(project));
    const login = LOGINS[file]?.(project);
    const after = added.findLastIndex((line) => LOGIN.test(line)) + 1;
    tree.write(file, (login ? added.toSpliced(after, 0, login) : added).join('\n'));
  }
}

/** Takes an agent's service out of each of the Compose files, whatever it has become there. */
export function removeComposeServices(tree: Tree, project: string): void {
  for (const file of Object.keys(BLOCKS)) {
    const login = LOGINS[file]?.(project);
    const lines = readText(tree, file)
      .split('\n')
      .filter((line) => line !== login);
    const extent = extentOf(lines, project);
    // With the empty line before it.
    if (extent)
      tree.write(file, lines.toSpliced(extent.start - 1, extent.end - extent.start + 1).join('\n'));
  }
}

function extentOf(lines: readonly string[], project: string): Extent | undefined {
  const start = lines.findIndex((line) => line.startsWith(`  ${project}:`));
  return start < 0 ? undefined : { start, end: endOf(lines, start) };
}

/** The line behind a service's last one. */
function endOf(lines: readonly string[], start: number): number {
  const next = lines.findIndex((line, index) => index > start && /^ {0,2}\S/.test(line));
  const inside = lines.slice(0, next < 0 ? lines.length : next);
  return inside.findLastIndex((line) => line.trim() !== '') + 1;
}
