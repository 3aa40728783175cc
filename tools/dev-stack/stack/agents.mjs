import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../support/workspace.mjs';

/**
 * An agent of the workspace: the name of its Nx project, and its folder from the root.
 *
 * @typedef {{ name: string, folder: string }} AgentProject
 */

/**
 * Every project under `apps/` with the tag `kind:agent`, in the order of their folders.
 *
 * @param {string} [root]
 * @returns {AgentProject[]}
 */
export function findAgents(root = workspaceRoot) {
  return projectFolders(root, 'apps').flatMap((folder) => {
    /** @type {{ name: string, tags?: string[] }} */
    const { name, tags } = JSON.parse(readFileSync(join(root, folder, 'project.json'), 'utf8'));
    return tags?.includes('kind:agent') ? [{ name, folder }] : [];
  });
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function projectFolders(root, folder) {
  if (existsSync(join(root, folder, 'project.json'))) return [folder];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .flatMap(({ name }) => projectFolders(root, `${folder}/${name}`))
    .sort();
}
