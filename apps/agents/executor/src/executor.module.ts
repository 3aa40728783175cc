import { openLanguageModel } from '@askflash/language-model';
import { Module } from '@nestjs/common';
import { AnswerWriter } from './answer/answer-writer';
import { ExecutorAgent } from './executor.agent';

/** The executor agent; a language model writes its answers where LLM_BASE_URL names one. */
@Module({
  controllers: [ExecutorAgent],
  providers: [{ provide: AnswerWriter, useFactory: () => new AnswerWriter(openLanguageModel()) }],
})
export class ExecutorModule {}
