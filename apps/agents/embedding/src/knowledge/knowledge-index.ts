import type { Passage, StageContext } from '@askflash/agent-kit';
import type { DocumentPassage } from '@askflash/documents';

/** What ends a search early. */
export type SearchBounds = Partial<Pick<StageContext, 'signal' | 'timeLeftMs'>>;

/** Where the passages of a knowledge base are put, and found again. */
export interface KnowledgeIndex {
  /** How many passages can be found. */
  readonly size: number;
  /** Puts a document in, in place of an earlier version of it. */
  put(path: string, passages: readonly DocumentPassage[]): void | Promise<void>;
  /** Takes a document out; nothing happens where it is not in. */
  remove(path: string): void | Promise<void>;
  /** Takes out every document that is not among these: what an earlier process has left. */
  retain(paths: ReadonlySet<string>): void | Promise<void>;
  /** The passages that bear on a query most, best first. */
  search(query: string, limit: number, bounds: SearchBounds): Passage[] | Promise<Passage[]>;
}
