import type { IntentOutput, StageContext } from '@askflash/agent-kit';
import { LanguageModelError, type LanguageModel } from '@askflash/language-model';
import { ANALYSIS_INSTRUCTIONS, modelIntent } from './model-intent';
import { intentByRules } from './rules/intent-by-rules';

/** Analyses queries: by a language model where there is one and it answers well, else by rules. */
export class IntentAnalysis {
  constructor(private readonly model?: LanguageModel) {}

  /** What a query asks for; rejects only where the context's signal aborts. */
  async of(
    query: string,
    { signal, timeLeftMs, log }: Pick<StageContext, 'signal' | 'timeLeftMs' | 'log'>,
  ): Promise<IntentOutput> {
    if (this.model === undefined) return intentByRules(query);
    try {
      const prompt = { instructions: ANALYSIS_INSTRUCTIONS, material: query };
      const intent = await this.model.answer(prompt, modelIntent, { signal, timeLeftMs });
      return { ...intent, by: 'model' };
    } catch (error) {
      if (!(error instanceof LanguageModelError)) throw error;
      log.warn(`Analysed by rules: ${error}`);
      return intentByRules(query);
    }
  }
}
