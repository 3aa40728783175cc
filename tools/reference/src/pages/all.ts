import { accessPage } from './access';
import { apiPage } from './api';
import { asyncApi } from './asyncapi';
import { contractsPage } from './contracts';
import { environmentPage } from './environment';
import { errorsPage } from './errors';
import { exitCodesPage } from './exit-codes';
import { jsonSchemas } from './json-schemas';
import { redisUsersFile } from './redis-users';
import { templatesPage } from './templates';
import { topologyPage } from './topology';

/** Every generated file, by its path from `docs/reference`. */
export function allPages(workspaceRoot: string): Readonly<Record<string, string>> {
  return {
    'access.md': accessPage(),
    'api.md': apiPage(workspaceRoot),
    'contracts.md': contractsPage(workspaceRoot),
    ...contractDocuments(workspaceRoot),
    'env.md': environmentPage(),
    'errors.md': errorsPage(workspaceRoot),
    'exit-codes.md': exitCodesPage(),
    'templates.md': templatesPage(),
    'topology.md': topologyPage(),
    '../../infrastructure/redis/users.conf': redisUsersFile(),
  };
}

/** What programs read, in a folder of its own. */
function contractDocuments(workspaceRoot: string): Readonly<Record<string, string>> {
  const documents = { 'asyncapi.json': asyncApi(workspaceRoot), ...jsonSchemas() };
  return Object.fromEntries(
    Object.entries(documents).map(([file, document]) => [
      `contracts/${file}`,
      `${JSON.stringify(document, null, 2)}\n`,
    ]),
  );
}
