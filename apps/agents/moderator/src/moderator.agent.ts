import {
  Agent,
  NonRetryableError,
  Stage,
  embeddingOutput,
  executorOutput,
  moderationOutput,
  type ModerationOutput,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { Moderation } from './moderation';

/** The stages whose passages an answer may be backed by. */
const FINDING_STAGES = ['embedding_lookup', 'web_search'];

/** Judges whether an answer is backed by its sources, complete, and free of what is forbidden. */
@Agent({ name: 'moderator', queue: 'moderator.task' })
export class ModeratorAgent {
  constructor(private readonly moderation: Moderation) {}

  @Stage('moderation', { output: moderationOutput })
  async moderate({ query }: StageRequested, context: StageContext): Promise<ModerationOutput> {
    const executor = context.upstream('executor_reasoning', executorOutput);
    if (!executor) throw new NonRetryableError('There is no answer of executor_reasoning to judge');
    const passages = FINDING_STAGES.flatMap(
      (stage) => context.upstream(stage, embeddingOutput)?.passages ?? [],
    );
    context.progress('Judging the answer', 0);
    const { answer, sources } = executor;
    const verdict = await this.moderation.judge({ query, answer, sources, passages }, context);
    context.progress(`Confidence ${verdict.confidence.toFixed(2)}`, 1);
    return verdict;
  }
}
