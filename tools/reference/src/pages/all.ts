import { apiPage } from './api';
import { contractsPage } from './contracts';
import { environmentPage } from './environment';
import { errorsPage } from './errors';
import { exitCodesPage } from './exit-codes';
import { templatesPage } from './templates';
import { topologyPage } from './topology';

/** Every generated page, by its file's name in `docs/reference`. */
export function allPages(workspaceRoot: string): Readonly<Record<string, string>> {
  return {
    'api.md': apiPage(workspaceRoot),
    'contracts.md': contractsPage(),
    'env.md': environmentPage(),
    'errors.md': errorsPage(workspaceRoot),
    'exit-codes.md': exitCodesPage(),
    'templates.md': templatesPage(),
    'topology.md': topologyPage(),
  };
}
