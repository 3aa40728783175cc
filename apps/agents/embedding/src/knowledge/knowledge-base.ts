import { readFile } from 'node:fs/promises';
import type { Passage } from '@askflash/agent-kit';
import { passagesOf, readDocument } from '@askflash/documents';
import { listDocuments, type FolderDocument, type FolderLimits } from './folder';
import type { KnowledgeIndex, SearchBounds } from './knowledge-index';

/** What a knowledge base is made of. */
export interface KnowledgeBaseOptions {
  readonly folder: string;
  readonly index: KnowledgeIndex;
  /** Told of each document that cannot be used, once as long as that stays so. */
  readonly warn: (message: string) => void;
  /** How long a look at the folder counts as fresh, in milliseconds. */
  readonly freshForMs?: number;
  readonly limits?: FolderLimits;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Size of a knowledge base. */
export interface KnowledgeSize {
  readonly documents: number;
  readonly passages: number;
}

/**
 * The documents of a folder, indexed for questions. The index follows the folder: a query that
 * comes when the last look is too old looks again first, and only documents whose version differs
 * are read.
 */
export class KnowledgeBase {
  private readonly index: KnowledgeIndex;
  private readonly versions = new Map<string, string>();
  private known: ReadonlySet<string> = new Set();
  private lookedAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(private readonly options: KnowledgeBaseOptions) {
    this.index = options.index;
  }

  get size(): KnowledgeSize {
    return { documents: this.versions.size, passages: this.index.size };
  }

  /**
   * The passages that bear on a query most, best first, at most `limit`.
   *
   * @throws {KnowledgeFolderUnreadableError} where the folder has gone, and what the index throws
   */
  async search(query: string, limit: number, bounds: SearchBounds = {}): Promise<Passage[]> {
    await this.refresh();
    return this.index.search(query, limit, bounds);
  }

  /**
   * Brings the index up to date, unless the last look is fresh; calls at the same time share one
   * look.
   *
   * @throws {KnowledgeFolderUnreadableError} where the folder cannot be listed, and what the index
   * throws; the next look then goes on where this one ended
   */
  async refresh(): Promise<void> {
    const { freshForMs = 2000, now = () => performance.now() } = this.options;
    if (this.looking === undefined && now() - this.lookedAt < freshForMs) return;
    this.looking ??= this.look(now()).finally(() => (this.looking = undefined));
    await this.looking;
  }

  private async look(startedAt: number): Promise<void> {
    const { documents, problems } = await listDocuments(this.options.folder, this.options.limits);
    const present = new Set(documents.map(({ path }) => path));
    for (const path of this.versions.keys()) if (!present.has(path)) await this.forget(path);
    if (this.lookedAt === -Infinity) await this.index.retain(present);
    const unreadable: string[] = [];
    for (const document of documents) {
      const problem = await this.read(document);
      if (problem) unreadable.push(`${document.path}: ${problem}`);
    }
    this.report([...problems, ...unreadable]);
    this.lookedAt = startedAt;
  }

  /** Indexes a document if it has changed; says what is wrong with it, if anything is. */
  private async read({ path, location, version }: FolderDocument): Promise<string | undefined> {
    if (this.versions.get(path) === version) return undefined;
    const source = await readFile(location, 'utf8').catch(() => undefined);
    if (source === undefined || source.includes('\0')) {
      await this.forget(path);
      return source === undefined ? 'cannot be read' : 'is not text';
    }
    await this.index.put(path, passagesOf(readDocument(path, source)));
    this.versions.set(path, version);
    return undefined;
  }

  private async forget(path: string): Promise<void> {
    await this.index.remove(path);
    this.versions.delete(path);
  }

  private report(problems: readonly string[]): void {
    for (const problem of problems) if (!this.known.has(problem)) this.options.warn(problem);
    this.known = new Set(problems);
  }
}
