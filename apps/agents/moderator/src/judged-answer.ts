import type { Passage, Source } from '@askflash/agent-kit';

/** What is judged, and by what. */
export interface JudgedAnswer {
  readonly query: string;
  /** Markdown; `[1]` cites the first source. */
  readonly answer: string;
  readonly sources: readonly Source[];
  /** All that earlier stages found. */
  readonly passages: readonly Passage[];
}

/** How good an answer is, each 0–1. */
export interface Marks {
  /** How much of it is backed by the passages. */
  readonly groundedness: number;
  /** How much of the query it deals with. */
  readonly completeness: number;
  readonly reasons: readonly string[];
}
