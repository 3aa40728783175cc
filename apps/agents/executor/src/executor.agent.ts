import {
  Agent,
  Stage,
  embeddingOutput,
  executorOutput,
  type ExecutorOutput,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { compose } from './answer/compose';
import { quotesFor } from './answer/quotes';

/** The stages whose passages an answer may be made of. */
const FINDING_STAGES = ['embedding_lookup', 'web_search'];

/** Answers a query by quoting the passages that earlier stages found; it invents nothing. */
@Agent({ name: 'executor', queue: 'executor.task' })
export class ExecutorAgent {
  @Stage('executor_reasoning', { output: executorOutput })
  async answer({ query }: StageRequested, context: StageContext): Promise<ExecutorOutput> {
    const findings = FINDING_STAGES.map(
      (stage) => context.upstream(stage, embeddingOutput)?.passages ?? [],
    );
    context.progress(`Reading ${findings.flat().length} passages`, 0);
    const { pieces, output } = compose(quotesFor(query, findings));
    for (const piece of pieces) context.token(piece);
    context.progress(`Answered out of ${output.sources.length} sources`, 1);
    return output;
  }
}
