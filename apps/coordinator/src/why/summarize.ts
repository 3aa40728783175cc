import type { Cause, Explanation } from './dto';
import { sentenceOf } from './sentence';
import { count, span } from './words';

/** All that is explained, before it is put into words. */
export type Explained = Omit<Explanation, 'summary'>;

/** One paragraph: how far the task is, what everything waits for in the end, and what time is left. */
export function summarize(explained: Explained): string {
  const reasons = new Set(explained.waitingFor.flatMap(lastLinks).map(sentenceOf));
  return [headOf(explained), ...reasons, ...tailOf(explained)].join(' ');
}

/** The whole chain in words: a line a link, indented below the link that it explains. */
export function toText(explanation: Explanation): string {
  const lines = [
    headOf(explanation),
    ...explanation.waitingFor.flatMap((cause) => linesOf(cause, '')),
    ...tailOf(explanation),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(cause: Cause, indent: string): string[] {
  const because = cause.type === 'dependency' ? cause.because : [];
  // What others have written, such as an error's message, may have lines of its own.
  const line = sentenceOf(cause).replace(/\s*\n\s*/g, ' ');
  return [`${indent}- ${line}`, ...because.flatMap((further) => linesOf(further, `${indent}  `))];
}

/** The causes that are not explained by further ones. */
function lastLinks(cause: Cause): Cause[] {
  return cause.type === 'dependency' ? cause.because.flatMap(lastLinks) : [cause];
}

function headOf({ taskId, template, status, ageMs, stages, at }: Explained): string {
  const { name, version } = template;
  return `At ${at} task ${taskId} (${name}, version ${version}), made ${span(ageMs)} ago, is ${status}; ${stages.done} of its ${count(stages.count, 'stage')} are done.`;
}

function tailOf({ skipped, deadline }: Explained): string[] {
  return [
    ...skipped.map(
      ({ stage, when }) =>
        `${stage} is skipped${when === null ? '' : `, as this does not hold: ${when}`}.`,
    ),
    ...(deadline === null || deadline.leftMs <= 0
      ? []
      : [`Until the deadline of the task, ${deadline.at}, ${span(deadline.leftMs)} are left.`]),
  ];
}
