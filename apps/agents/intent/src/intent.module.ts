import { openLanguageModel } from '@askflash/language-model';
import { Module } from '@nestjs/common';
import { IntentAgent } from './intent.agent';
import { IntentAnalysis } from './intent-analysis';

/** The intent agent; it asks a language model where LLM_BASE_URL names one. */
@Module({
  controllers: [IntentAgent],
  providers: [
    { provide: IntentAnalysis, useFactory: () => new IntentAnalysis(openLanguageModel()) },
  ],
})
export class IntentModule {}
