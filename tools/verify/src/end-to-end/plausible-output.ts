import type { JsonObject } from '@askflash/contracts';

const SOURCE = { path: 'verify.md', heading: 'Verify' };
const PASSAGES = { passages: [{ ...SOURCE, text: 'Verify says that it works.', score: 1 }] };

/** What an agent could answer a stage with, by stage; anything does for the others. */
const OUTPUTS: Readonly<Record<string, JsonObject>> = {
  embedding_lookup: PASSAGES,
  web_search: PASSAGES,
  executor_reasoning: { answer: 'It works.', sources: [SOURCE] },
  moderation: { confidence: 1, reasons: [] },
};

export function plausibleOutput(stage: string): JsonObject {
  return OUTPUTS[stage] ?? { stage };
}
