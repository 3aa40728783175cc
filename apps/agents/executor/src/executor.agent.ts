import {
  Agent,
  Stage,
  embeddingOutput,
  executorOutput,
  intentOutput,
  moderationOutput,
  type ExecutorOutput,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { AnswerWriter } from './answer/answer-writer';

const WEB_SEARCH = 'web_search';
/** The stages whose passages an answer may be made of. */
const FINDING_STAGES = ['embedding_lookup', WEB_SEARCH];

/** Answers a query out of the passages that earlier stages found; it invents nothing. */
@Agent({ name: 'executor', queue: 'executor.task' })
export class ExecutorAgent {
  constructor(private readonly writer: AnswerWriter) {}

  @Stage('executor_reasoning', { output: executorOutput })
  async answer(
    { query, upstream }: StageRequested,
    context: StageContext,
  ): Promise<ExecutorOutput> {
    const findings = FINDING_STAGES.map(
      (stage) => context.upstream(stage, embeddingOutput)?.passages ?? [],
    );
    // An intent of another shape is somebody else's agent's: nothing here depends on it.
    const intent = intentOutput.safeParse(upstream['intent_analysis']).data;
    const flaws = context.upstream('moderation', moderationOutput)?.reasons ?? [];
    context.progress(`Reading ${findings.flat().length} passages`, 0);
    const output = await this.writer.write(
      { query, subQuestions: intent?.subQuestions ?? [], findings, flaws },
      {
        signal: context.signal,
        timeLeftMs: context.timeLeftMs,
        log: context.log,
        token: (text) => context.token(text),
      },
    );
    context.progress(`Answered out of ${output.sources.length} sources`, 1);
    const wantsWeb = output.sources.length === 0 || intent?.needsWeb === true;
    return wantsWeb && !(WEB_SEARCH in upstream) ? { ...output, needsWebSearch: true } : output;
  }
}
