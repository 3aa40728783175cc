import { revisionLimit } from './revision';
import { EXECUTOR, MODERATION, WEB_SEARCH } from './stage-roles';
import type { TaskTemplate } from './template';

/** Of a condition's label, in characters. */
const MAX_LABEL_LENGTH = 120;

/**
 * Draws a template as a Mermaid flowchart: solid arrows for dependencies, dotted ones for the ways
 * its conditions open.
 */
export function describe(template: TaskTemplate): string {
  const { stages, conditions } = template;
  // Names are not ids: `end`, for one, is a keyword of Mermaid.
  const ids = new Map(stages.map(({ name }, index) => [name, `s${index}`]));
  const idOf = (name: string): string => ids.get(name) ?? name;
  const nodes = stages.map(
    ({ name, when }) => `${idOf(name)}["${name}${when ? `<br/>when ${inWords(when)}` : ''}"]`,
  );
  const arrows = stages.flatMap(({ name, dependsOn }) =>
    dependsOn.map((above) => `${idOf(above)} --> ${idOf(name)}`),
  );
  const revisions = revisionLimit(template);
  const back =
    revisions > 0
      ? [
          `${idOf(MODERATION)} -. "confidence below ${conditions.minConfidence}, at most ${revisions}×" .-> ${idOf(EXECUTOR)}`,
        ]
      : [];
  const search = conditions.webSearchOnDemand
    ? [
        `web["${WEB_SEARCH}"]`,
        `${idOf(EXECUTOR)} -. "needs the web, once" .-> web`,
        `web -.-> ${idOf(EXECUTOR)}`,
      ]
    : [];
  return ['flowchart LR', ...[...nodes, ...arrows, ...back, ...search].map(indent), ''].join('\n');
}

const indent = (line: string): string => `  ${line}`;

function inWords(when: string): string {
  return escape(when.length > MAX_LABEL_LENGTH ? `${when.slice(0, MAX_LABEL_LENGTH)}…` : when);
}

/** Mermaid reads entities in a quoted label, written with # in place of &. */
function escape(text: string): string {
  return text.replace(/[^\w .-]/gu, (character) => `#${character.codePointAt(0)};`);
}
