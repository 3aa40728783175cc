import type { taskTemplate } from '@askflash/dag-templates';
import { joinPathFragments, logger, readJson, writeJson, type Tree } from '@nx/devkit';
import type { z } from 'zod';
import { refuse } from './errors';

export const TEMPLATES_FOLDER = 'libs/dag-templates/src/templates';

/** The stage that ends every template. */
export const PACKAGING = 'response_packaging';

/** For stages that nobody has measured yet, in milliseconds. */
const TIMEOUT_MS = 30_000;
const PACKAGING_TIMEOUT_MS = 5_000;

/** A template as its file has it. */
export type TemplateFile = z.input<typeof taskTemplate>;
type StageOfFile = TemplateFile['stages'][number];

export function templatePath(name: string): string {
  return joinPathFragments(TEMPLATES_FOLDER, `${name}.json`);
}

/** Names of the default templates. */
export function templateNames(tree: Tree): string[] {
  return tree
    .children(TEMPLATES_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
}

/** A stage of a template, with the time-out for its kind. */
export function stageOf(name: string, dependsOn: readonly string[]): StageOfFile {
  return {
    name,
    ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
    timeoutMs: name === PACKAGING ? PACKAGING_TIMEOUT_MS : TIMEOUT_MS,
  };
}

/** @throws {GeneratorRefusedError} where the template is missing, has the stage or cannot take it */
export function refuseUnfitTemplate(tree: Tree, template: string, stage: string): void {
  const names = templateNames(tree);
  if (!names.includes(template)) {
    refuse(`There is no default template ${template}`, `Take one of ${names.join(', ')}`);
  }
  const { stages } = readTemplate(tree, template);
  if (stages.some(({ name }) => name === stage)) {
    refuse(`The template ${template} has the stage ${stage} already`, 'Leave --template out');
  }
  if (!stages.some(({ name }) => name === PACKAGING)) {
    refuse(`The template ${template} has no ${PACKAGING}`, 'Put the stage in by hand');
  }
}

/**
 * Puts a stage into a template, between `response_packaging` and what that waited for. A version never
 * changes: the template becomes its next one.
 */
export function addStageToTemplate(tree: Tree, template: string, stage: string): void {
  const file = readTemplate(tree, template);
  const stages = file.stages.flatMap((one) =>
    one.name === PACKAGING
      ? [stageOf(stage, one.dependsOn ?? []), { ...one, dependsOn: [stage] }]
      : [one],
  );
  writeJson(tree, templatePath(template), { ...file, version: file.version + 1, stages });
}

/**
 * Takes a stage out of every template that has it; what waited for it waits for what it waited for. The
 * templates get their last version's number back.
 */
export function removeStageFromTemplates(tree: Tree, stage: string): void {
  for (const template of templateNames(tree)) {
    const file = readTemplate(tree, template);
    const removed = file.stages.find(({ name }) => name === stage);
    if (!removed) continue;
    const version = Math.max(file.version - 1, 1);
    const stages = file.stages
      .filter((one) => one !== removed)
      .map((one) => withoutDependency(one, removed));
    writeJson(tree, templatePath(template), { ...file, version, stages });
    logger.warn(
      `${template} is version ${version} again: a database that has version ${file.version} still uses that`,
    );
  }
}

function withoutDependency(stage: StageOfFile, removed: StageOfFile): StageOfFile {
  const { dependsOn = [] } = stage;
  if (!dependsOn.includes(removed.name)) return stage;
  const rest = dependsOn.flatMap((name) =>
    name === removed.name ? (removed.dependsOn ?? []) : [name],
  );
  return { ...stage, dependsOn: [...new Set(rest)] };
}

function readTemplate(tree: Tree, template: string): TemplateFile {
  return readJson<TemplateFile>(tree, templatePath(template));
}
