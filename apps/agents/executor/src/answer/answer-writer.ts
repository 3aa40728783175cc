import type { ExecutorOutput } from '@askflash/agent-kit';
import type { LanguageModel } from '@askflash/language-model';
import { compose } from './compose';
import { modelAnswer, type ModelContext } from './model-answer';
import { BROAD, USUAL, quotesFor } from './quotes';
import type { AnswerTask } from './task';

/**
 * Answers out of passages: by a language model where there is one and its answer cites them, else by
 * quotations. An answer that was sent back quotes more the next time.
 */
export class AnswerWriter {
  constructor(private readonly model?: LanguageModel) {}

  /**
   * Streams the answer, and gives it as a whole; the two are the same.
   *
   * @throws {LanguageModelError} where the model fails after a part of its answer was streamed
   */
  async write(task: AnswerTask, context: ModelContext): Promise<ExecutorOutput> {
    const { query, findings, flaws } = task;
    const written =
      this.model && findings.flat().length > 0
        ? await modelAnswer(this.model, task, context)
        : undefined;
    if (written) return written;
    const { pieces, output } = compose(
      quotesFor(query, findings, flaws.length > 0 ? BROAD : USUAL),
    );
    for (const piece of pieces) context.token(piece);
    return output;
  }
}
