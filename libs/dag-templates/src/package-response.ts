import {
  type Passage,
  type ResponseOutput,
  type Source,
  answerOutput,
  embeddingOutput,
  moderationOutput,
} from '@askflash/contracts';
import { effectiveStages } from './effective-stages';
import { topologicalOrder } from './graph';
import { EMBEDDING, MODERATION, WEB_SEARCH } from './stage-roles';
import { type TaskState, findStage } from './task-state';
import type { TaskTemplate } from './template';

/**
 * The output of `response_packaging`: the answer of the last stage that gave one, with the sources of
 * the last that named any; where no stage answered the passages found, as they stand; empty where
 * there is neither.
 */
export function packageResponse(template: TaskTemplate, state: TaskState): ResponseOutput {
  const moderation = moderationOutput.safeParse(findStage(state, MODERATION)?.output);
  const confidence = moderation.success ? moderation.data.confidence : null;
  const answers = topologicalOrder(effectiveStages(template, state)).flatMap(({ name }) => {
    const output = answerOutput.safeParse(findStage(state, name)?.output);
    return output.success ? [output.data] : [];
  });
  const last = answers.at(-1);
  if (last) {
    const sources = answers.findLast((answer) => answer.sources !== undefined)?.sources ?? [];
    return { answer: last.answer, sources, confidence };
  }
  const passages = [...passagesOf(state, EMBEDDING), ...passagesOf(state, WEB_SEARCH)];
  const answer = passages.map(({ text }) => text).join('\n\n');
  return { answer, sources: distinctSources(passages), confidence };
}

function passagesOf(state: TaskState, stage: string): readonly Passage[] {
  return embeddingOutput.safeParse(findStage(state, stage)?.output).data?.passages ?? [];
}

function distinctSources(passages: readonly Passage[]): Source[] {
  const byPlace = new Map(
    passages.map(({ path, heading }) => [JSON.stringify([path, heading]), { path, heading }]),
  );
  return [...byPlace.values()];
}
