import {
  type Passage,
  type ResponseOutput,
  type Source,
  embeddingOutput,
  executorOutput,
  moderationOutput,
} from '@askflash/contracts';
import { EMBEDDING, EXECUTOR, MODERATION, WEB_SEARCH } from './stage-roles';
import { type TaskState, findStage } from './task-state';

/**
 * The output of `response_packaging`: the executor's answer with its sources, or where no executor
 * ran the passages found, as they stand; empty where there is neither.
 */
export function packageResponse(state: TaskState): ResponseOutput {
  const executor = executorOutput.safeParse(findStage(state, EXECUTOR)?.output);
  const moderation = moderationOutput.safeParse(findStage(state, MODERATION)?.output);
  const confidence = moderation.success ? moderation.data.confidence : null;
  if (executor.success) {
    const { answer, sources } = executor.data;
    return { answer, sources, confidence };
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
