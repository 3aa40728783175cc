import type { Passage } from '@askflash/agent-kit';

/** What is to be answered, and out of what. */
export interface AnswerTask {
  readonly query: string;
  /** The questions that the query is made of; none where it is a single one. */
  readonly subQuestions: readonly string[];
  /** Passages by where they were looked for; scores compare only within one list. */
  readonly findings: readonly (readonly Passage[])[];
  /** What the moderator found wrong with the answer before; none at the first time. */
  readonly flaws: readonly string[];
}
