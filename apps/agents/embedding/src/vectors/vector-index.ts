import { createHash } from 'node:crypto';
import type { Passage } from '@askflash/agent-kit';
import { headingOf, type DocumentPassage } from '@askflash/documents';
import type { EmbeddingModel } from '@askflash/language-model';
import { v5 } from 'uuid';
import type { KnowledgeIndex, SearchBounds } from '../knowledge/knowledge-index';
import type { Point, VectorStore } from './vector-store';

/** Namespace of the points' ids. */
const NAMESPACE = '0a6c1f0e-5c1b-5f0a-9d6e-6f2f0b7a9c11';

/**
 * Passages found by the nearness of their vectors, which a model makes and a store keeps. A
 * document whose vectors are there already costs no call of the model, so instances can share a
 * store, and a start costs only what has changed meanwhile.
 */
export class VectorIndex implements KnowledgeIndex {
  private readonly sizes = new Map<string, number>();
  private prepared: Promise<void> | undefined;

  constructor(
    private readonly model: EmbeddingModel,
    private readonly store: VectorStore,
  ) {}

  get size(): number {
    return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  async put(path: string, passages: readonly DocumentPassage[]): Promise<void> {
    await this.prepare();
    const texts = passages.map(({ headings, text }) => `${headingOf(headings)}\n\n${text}`);
    const version = versionOf(this.model.name, texts);
    if ((await this.store.count(path, version)) !== passages.length || passages.length === 0) {
      const vectors = await this.model.embed(texts);
      const points = passages.map(({ headings, text }, position): Point => ({
        id: v5(JSON.stringify([path, version, position]), NAMESPACE),
        vector: vectors[position] ?? [],
        payload: { path, version, heading: headingOf(headings), text },
      }));
      await this.store.put(path, version, points);
    }
    this.sizes.set(path, passages.length);
  }

  async remove(path: string): Promise<void> {
    await this.prepare();
    await this.store.remove(path);
    this.sizes.delete(path);
  }

  /** An empty folder is more likely a mistake than meant, so it clears nothing. */
  async retain(paths: ReadonlySet<string>): Promise<void> {
    await this.prepare();
    if (paths.size > 0) await this.store.retain(paths);
  }

  async search(query: string, limit: number, bounds: SearchBounds = {}): Promise<Passage[]> {
    await this.prepare();
    const [vector = []] = await this.model.embed([query], bounds);
    const hits = await this.store.nearest(vector, limit);
    return hits.map(({ score, payload: { path, heading, text } }) => ({
      path,
      heading,
      text,
      score,
    }));
  }

  /** Makes the collection for vectors as long as the model's; tried again where it fails. */
  private prepare(): Promise<void> {
    this.prepared ??= this.model
      .embed(['How long is a vector?'])
      .then(([vector = []]) => this.store.prepare(vector.length))
      .catch((error: unknown) => {
        this.prepared = undefined;
        throw error;
      });
    return this.prepared;
  }
}

function versionOf(model: string, texts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([model, texts]))
    .digest('hex');
}
