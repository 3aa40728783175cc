import { MODERATOR_AGENT_CONFIG, loadConfig } from '@askflash/agent-kit';
import { openLanguageModel } from '@askflash/language-model';
import { Module } from '@nestjs/common';
import { Moderation } from './moderation';
import { ModeratorAgent } from './moderator.agent';

/** The moderator agent; it asks a language model where LLM_BASE_URL names one. */
@Module({
  controllers: [ModeratorAgent],
  providers: [{ provide: Moderation, useFactory: openModeration }],
})
export class ModeratorModule {}

function openModeration(): Moderation {
  const { forbiddenPhrases } = MODERATOR_AGENT_CONFIG;
  return new Moderation(loadConfig({ forbiddenPhrases }).forbiddenPhrases, openLanguageModel());
}
