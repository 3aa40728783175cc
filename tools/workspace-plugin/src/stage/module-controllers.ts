import { joinPathFragments, type Tree } from '@nx/devkit';
import { refuse } from '../support/errors';
import { insertAfterLast, readText, removeImports } from '../support/source-lines';

/** An agent's Nest module. */
export interface AgentModule {
  readonly path: string;
  /** Its file, without the extension. */
  readonly file: string;
  readonly className: string;
}

/** A controller, by its class and its file beside the module, without the extension. */
export interface StageController {
  readonly className: string;
  readonly file: string;
}

/** @throws {GeneratorRefusedError} where it has none, or more than one that could be meant */
export function findModule(tree: Tree, agentFolder: string): AgentModule {
  const folder = joinPathFragments(agentFolder, 'src');
  const modules = tree.children(folder).flatMap((child) => {
    const path = joinPathFragments(folder, child);
    const source = child.endsWith('.module.ts') ? readText(tree, path) : '';
    const className = /export class (\w+)/.exec(source)?.[1];
    return className && CONTROLLERS.test(source)
      ? [{ path, file: child.slice(0, -'.ts'.length), className }]
      : [];
  });
  const [module, ...others] = modules;
  if (!module || others.length > 0) {
    refuse(
      `${folder} has ${modules.length} modules with a list of controllers`,
      'Keep the list [in brackets] in one of them',
    );
  }
  return module;
}

/** Puts a class among the controllers of a module. */
export function addController(tree: Tree, module: AgentModule, controller: StageController): void {
  const { className } = controller;
  insertAfterLast(tree, module.path, / from '\.\/[^']+';$/, importOf(controller));
  const source = readText(tree, module.path);
  tree.write(
    module.path,
    source.replace(
      CONTROLLERS,
      (_all, list: string) => `controllers: [${[...itemsOf(list), className].join(', ')}]`,
    ),
  );
}

/** Takes a class out from the controllers of a module. */
export function removeController(
  tree: Tree,
  module: AgentModule,
  controller: StageController,
): void {
  removeImports(tree, module.path, `./${controller.file}`);
  const source = readText(tree, module.path);
  tree.write(
    module.path,
    source.replace(CONTROLLERS, (_all, list: string) => {
      const rest = itemsOf(list).filter((item) => item !== controller.className);
      return `controllers: [${rest.join(', ')}]`;
    }),
  );
}

const CONTROLLERS = /controllers: \[([^\]]*)\]/;

function itemsOf(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function importOf({ className, file }: StageController): string {
  return `import { ${className} } from './${file}';`;
}
