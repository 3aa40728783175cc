import { type ASTNode, Environment } from '@marcbachmann/cel-js';

/**
 * The language of conditions: a part of the Common Expression Language (https://cel.dev). It runs no
 * code and has no loops; what is left out of it is what could take long: regular expressions, time
 * zones, and a walk through a list for each element of another. So a condition takes time in
 * proportion to the data it looks at.
 */

/** The longest expression, in characters. */
export const MAX_EXPRESSION_LENGTH = 1_000;

const FUNCTIONS: ReadonlySet<string> = new Set([
  'has',
  'size',
  'contains',
  'startsWith',
  'endsWith',
  'lowerAscii',
  'upperAscii',
  'trim',
  'int',
  'double',
  'string',
  'bool',
]);

/** Functions that walk through a list: `list.exists(variable, condition)`. */
const WALKS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter']);

const UPSTREAM = 'upstream';
const VARIABLES: ReadonlySet<string> = new Set(['input', UPSTREAM]);

const language = new Environment({
  limits: {
    maxAstNodes: 200,
    maxDepth: 32,
    maxListElements: 50,
    maxMapEntries: 0,
    maxCallArguments: 2,
  },
})
  .registerVariable('input', 'map')
  .registerVariable(UPSTREAM, 'map');

/** What an expression can look at. */
export interface Variables {
  readonly input: object;
  /** Outputs by stage. */
  readonly upstream: object;
}

/** What can be told of an expression without running it. */
export type CheckedExpression =
  | {
      readonly ok: true;
      /** Stages whose output it asks about by name. */
      readonly stages: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

/** Checks that an expression is well formed, uses only what there is, and can be true or false. */
export function checkExpression(expression: string): CheckedExpression {
  const { valid, type, error } = language.check(expression);
  if (!valid) return { ok: false, message: error ? firstLine(error) : 'it cannot be read' };
  if (type !== 'bool' && type !== 'dyn') {
    return { ok: false, message: `it gives ${type}, and has to be true or false` };
  }
  const nodes = [...nodesOf(language.parse(expression).ast)];
  const problem = nodes.map(problemOf).find((message) => message !== undefined);
  return problem === undefined
    ? { ok: true, stages: [...new Set(nodes.flatMap(stageAskedAbout))] }
    : { ok: false, message: problem };
}

/**
 * Runs an expression.
 *
 * @throws Error where it looks at what is not there, mixes types, or gives neither true nor false
 */
export function runExpression(expression: string, variables: Variables): boolean {
  const value: unknown = language.evaluate(expression, { ...variables });
  if (typeof value !== 'boolean') throw new TypeError('it gives neither true nor false');
  return value;
}

/** The first line of an error's message; the others show the place in the expression. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join();
}

function problemOf(node: ASTNode): string | undefined {
  if (node.op !== 'call' && node.op !== 'rcall') return undefined;
  const [name] = node.args;
  if (!WALKS.has(name)) {
    return FUNCTIONS.has(name) ? undefined : `${name}() is not for conditions`;
  }
  const inner = childrenOf(node)
    .slice(1)
    .flatMap((child) => [...nodesOf(child)]);
  const foreign = inner.find((each) => each.op === 'id' && VARIABLES.has(each.args));
  return foreign
    ? `within ${name}() only its own variable can be asked about, not ${String(foreign.args)}`
    : undefined;
}

/** `upstream.name`, or `upstream["name"]`. */
function stageAskedAbout(node: ASTNode): string[] {
  if (node.op !== '.' && node.op !== '[]') return [];
  const [subject, key] = node.args;
  if (subject.op !== 'id' || subject.args !== UPSTREAM) return [];
  if (typeof key === 'string') return [key];
  return key.op === 'value' && typeof key.args === 'string' ? [key.args] : [];
}

function* nodesOf(node: ASTNode): Generator<ASTNode> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case '!_':
    case '-_':
      return [node.args];
    case 'map':
      return node.args.flat();
    default:
      return node.args;
  }
}
