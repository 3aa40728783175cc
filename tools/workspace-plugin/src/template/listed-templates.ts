import type { Tree } from '@nx/devkit';
import { insertAfterLast, removeImports, removeLines } from '../support/source-lines';

const LIST = 'libs/dag-templates/src/default-templates.ts';

/** A template and the variable it is imported as. */
export interface ListedTemplate {
  readonly name: string;
  readonly variable: string;
}

/** Puts a template's file to the end of the default templates. */
export function listTemplate(tree: Tree, template: ListedTemplate): void {
  insertAfterLast(tree, LIST, / from '\.\/templates\/\w+\.json';$/, importOf(template));
  insertAfterLast(tree, LIST, /^ {2}\w+,$/, entryOf(template));
}

/** Takes a template's file out of the default templates. */
export function unlistTemplate(tree: Tree, template: ListedTemplate): void {
  removeImports(tree, LIST, `./templates/${template.name}.json`);
  removeLines(tree, LIST, (line) => line === entryOf(template));
}

function importOf({ name, variable }: ListedTemplate): string {
  return `import ${variable} from './templates/${name}.json';`;
}

function entryOf({ variable }: ListedTemplate): string {
  return `  ${variable},`;
}
