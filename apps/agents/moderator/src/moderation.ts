import type { ModerationOutput, StageContext } from '@askflash/agent-kit';
import { LanguageModelError, type LanguageModel } from '@askflash/language-model';
import type { JudgedAnswer, Marks } from './judged-answer';
import { JUDGING_INSTRUCTIONS, materialOf, modelMarks } from './model-marks';
import { forbiddenIn } from './rules/forbidden';
import { marksByRules } from './rules/marks-by-rules';

/** What completeness adds to a confidence that groundedness bounds. */
const SHARE_OF_COMPLETENESS = 0.4;

/**
 * Judges answers: by a language model where there is one and it answers well, else by rules. An
 * answer with a forbidden phrase gets no confidence, whoever judges; one without a source neither.
 */
export class Moderation {
  constructor(
    private readonly forbiddenPhrases: readonly string[],
    private readonly model?: LanguageModel,
  ) {}

  /** Rejects only where the context's signal aborts. */
  async judge(
    answer: JudgedAnswer,
    context: Pick<StageContext, 'signal' | 'timeLeftMs' | 'log'>,
  ): Promise<ModerationOutput> {
    const forbidden = forbiddenIn(answer.answer, this.forbiddenPhrases);
    if (forbidden.length > 0) {
      const reasons = [`The answer holds what is forbidden: ${forbidden.join(', ')}`];
      return { confidence: 0, reasons, by: 'rules' };
    }
    if (answer.sources.length === 0 || answer.passages.length === 0) {
      return { confidence: 0, reasons: ['The answer has no source'], by: 'rules' };
    }
    const judged = await this.byModel(answer, context);
    if (judged) return { ...verdictOf(judged), by: 'model' };
    return { ...verdictOf(marksByRules(answer)), by: 'rules' };
  }

  private async byModel(
    answer: JudgedAnswer,
    { signal, timeLeftMs, log }: Pick<StageContext, 'signal' | 'timeLeftMs' | 'log'>,
  ): Promise<Marks | undefined> {
    try {
      const prompt = { instructions: JUDGING_INSTRUCTIONS, material: materialOf(answer) };
      return await this.model?.answer(prompt, modelMarks, { signal, timeLeftMs });
    } catch (error) {
      if (!(error instanceof LanguageModelError)) throw error;
      log.warn(`Judged by rules: ${error}`);
      return undefined;
    }
  }
}

/** What is not backed cannot be trusted, however much of the query it deals with. */
function verdictOf({ groundedness, completeness, reasons }: Marks) {
  const share = 1 - SHARE_OF_COMPLETENESS + SHARE_OF_COMPLETENESS * completeness;
  return { confidence: groundedness * share, reasons: [...reasons] };
}
