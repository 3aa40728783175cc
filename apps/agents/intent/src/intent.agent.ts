import {
  Agent,
  Stage,
  intentOutput,
  type IntentOutput,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { IntentAnalysis } from './intent-analysis';

/** Finds out what a query asks for. */
@Agent({ name: 'intent', queue: 'intent.task' })
export class IntentAgent {
  constructor(private readonly analysis: IntentAnalysis) {}

  @Stage('intent_analysis', { output: intentOutput })
  async analyse({ query }: StageRequested, context: StageContext): Promise<IntentOutput> {
    const intent = await this.analysis.of(query, context);
    context.progress(`A ${intent.complexity} question, ${intent.category}`, 1);
    return intent;
  }
}
