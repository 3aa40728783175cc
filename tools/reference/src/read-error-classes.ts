import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ErrorClassUnreadableError } from './errors';

/** What a subclass of BackboneError states of itself. */
export interface ErrorClass {
  /** Folder of the project that has it: `libs/messaging`. */
  readonly project: string;
  readonly name: string;
  readonly code: string;
  readonly when: string;
  readonly remedy: string;
  /** Name of an exit code. */
  readonly exit: string;
}

const BASE = 'BackboneError';

/**
 * Reads every concrete subclass of BackboneError out of the sources of apps, libs and tools, by
 * project and code. Nothing is loaded, so that apps stay out of each other's way.
 *
 * @throws {ErrorClassUnreadableError} where one does not state its code, when or remedy
 */
export function readErrorClasses(workspaceRoot: string): ErrorClass[] {
  const declarations = sourceFiles(workspaceRoot).flatMap((file) =>
    classesOf(join(workspaceRoot, file)).map((declaration) => ({ file, declaration })),
  );
  const errors = new Set([BASE]);
  // A subclass may come before its base class, so this goes on until no more are found.
  for (let size = 0; size < errors.size;) {
    size = errors.size;
    for (const { declaration } of declarations) {
      if (errors.has(baseOf(declaration))) errors.add(nameOf(declaration));
    }
  }
  return declarations
    .filter(({ declaration }) => errors.has(baseOf(declaration)) && !isAbstract(declaration))
    .map(({ file, declaration }) => toErrorClass(file, declaration))
    .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function sourceFiles(workspaceRoot: string): string[] {
  return ['apps', 'libs', 'tools'].flatMap((folder) =>
    readdirSync(join(workspaceRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)src\/.*\.ts$/.test(path) && !/\.spec\.ts$|node_modules/.test(path))
      .map((path) => `${folder}/${path}`),
  );
}

function classesOf(path: string): ts.ClassDeclaration[] {
  const text = readFileSync(path, 'utf8');
  if (!text.includes('Error')) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return source.statements.filter(ts.isClassDeclaration);
}

function nameOf({ name }: ts.ClassDeclaration): string {
  return name?.text ?? '';
}

function baseOf({ heritageClauses }: ts.ClassDeclaration): string {
  const parent = heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const expression = parent?.types[0]?.expression;
  return expression && ts.isIdentifier(expression) ? expression.text : '';
}

function isAbstract({ modifiers }: ts.ClassDeclaration): boolean {
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false;
}

function toErrorClass(file: string, declaration: ts.ClassDeclaration): ErrorClass {
  const name = nameOf(declaration);
  const read = (member: string): string => {
    const text = staticText(declaration, member);
    if (text === undefined) throw new ErrorClassUnreadableError(file, name, member);
    return text;
  };
  return {
    project: file.slice(0, file.indexOf('/src/')),
    name,
    code: read('code'),
    when: read('when'),
    remedy: read('remedy'),
    exit: staticText(declaration, 'exit') ?? 'failure',
  };
}

function staticText({ members }: ts.ClassDeclaration, name: string): string | undefined {
  const property = members
    .filter(ts.isPropertyDeclaration)
    .find(
      (member) => ts.isIdentifier(member.name) && member.name.text === name && isStatic(member),
    );
  return property?.initializer && textOf(property.initializer);
}

function isStatic({ modifiers }: ts.PropertyDeclaration): boolean {
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

function textOf(expression: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (!ts.isBinaryExpression(expression)) return undefined;
  if (expression.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(expression.left), textOf(expression.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

function sortKey({ project, code, name }: ErrorClass): string {
  return [project, code, name].join(' ');
}
