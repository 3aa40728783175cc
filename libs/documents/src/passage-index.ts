import type { Passage } from '@askflash/contracts';
import { queryTerms, textTerms } from '@askflash/text';
import MiniSearch, { type SearchOptions, type SearchResult } from 'minisearch';
import { headingOf, type DocumentPassage } from './passages';

interface IndexedPassage {
  readonly id: number;
  readonly path: string;
  /** The innermost heading, and those around it. */
  readonly heading: string;
  readonly trail: string;
  /** How the document begins: it says what all of it is about. */
  readonly opening: string;
  readonly text: string;
}

/** How much a term counts for by where it stands. */
const BOOST = { heading: 1.5, trail: 1, path: 1, opening: 1, text: 1 };
/** A name of code or of an error; its words taken apart could stand anywhere. */
const NAME = /[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)+/gu;
/** What a passage counts more by that has such a name of the query as it stands. */
const NAME_BOOST = 2;
const OPENING_LENGTH = 300;
/** A longer query is cut: what it is about stands at its beginning. */
const MAX_QUERY_TERMS = 50;

/** Full-text index (BM25+) over the passages of documents. */
export class PassageIndex {
  private readonly passages = new Map<number, IndexedPassage>();
  private readonly idsByPath = new Map<string, readonly number[]>();
  private nextId = 0;
  private readonly index = new MiniSearch<IndexedPassage>({
    fields: Object.keys(BOOST),
    tokenize: textTerms,
    processTerm: (term) => term,
    searchOptions: { boost: BOOST, tokenize: distinctTerms },
  });

  /** How many passages can be found. */
  get size(): number {
    return this.passages.size;
  }

  /** Puts a document in, in place of an earlier version of it. */
  put(path: string, parts: readonly DocumentPassage[]): void {
    this.remove(path);
    const opening = parts[0]?.text.slice(0, OPENING_LENGTH) ?? '';
    const passages = parts.map(({ headings, text }) => ({
      id: this.nextId++,
      path,
      heading: headings.at(-1) ?? '',
      trail: headingOf(headings.slice(0, -1)),
      opening,
      text,
    }));
    for (const passage of passages) this.passages.set(passage.id, passage);
    this.idsByPath.set(
      path,
      passages.map(({ id }) => id),
    );
    this.index.addAll(passages);
  }

  /** Takes a document out; nothing happens where it is not in. */
  remove(path: string): void {
    const ids = this.idsByPath.get(path) ?? [];
    for (const id of ids) this.passages.delete(id);
    this.idsByPath.delete(path);
    this.index.discardAll(ids);
  }

  /** Takes out every document that is not among these. */
  retain(paths: ReadonlySet<string>): void {
    for (const path of [...this.idsByPath.keys()]) if (!paths.has(path)) this.remove(path);
  }

  /** The passages that bear on a query most, best first; none where no word of it is known. */
  search(query: string, limit: number): Passage[] {
    return this.rank(this.match(query), query.match(NAME) ?? [])
      .slice(0, limit)
      .map(({ passage: { path, heading, trail, text }, score }) => ({
        path,
        heading: headingOf([trail, heading]),
        text,
        score,
      }));
  }

  /**
   * Words are looked for as they stand and as beginnings of longer ones; a word that is found
   * nowhere may be misspelt, and only then are similar words taken for it.
   */
  private match(query: string): SearchResult[] {
    const prefix = (term: string) => term.length >= 4;
    const exact = this.index.search(query, { prefix });
    const known = new Set(exact.flatMap((result) => result.queryTerms));
    const fuzzy: SearchOptions['fuzzy'] = (term) =>
      term.length >= 4 && !known.has(term) ? 0.25 : false;
    const allKnown = distinctTerms(query).every((term) => known.has(term));
    return allKnown ? exact : this.index.search(query, { prefix, fuzzy, maxFuzzy: 2 });
  }

  /** A passage that has more of the query's telling words beats one that repeats a single word. */
  private rank(results: readonly SearchResult[], names: readonly string[]) {
    const frequency = new Map<string, number>();
    for (const term of results.flatMap((result) => result.queryTerms)) {
      frequency.set(term, (frequency.get(term) ?? 0) + 1);
    }
    const weight = (terms: Iterable<string>) =>
      [...terms].reduce(
        (sum, term) => sum + Math.log(1 + this.passages.size / (frequency.get(term) ?? 1)),
        0,
      );
    const whole = weight(frequency.keys());
    return results
      .flatMap(({ id, score, queryTerms: terms }) => {
        const passage = this.passages.get(id);
        if (!passage) return [];
        const boost = names.some((name) => passage.text.includes(name)) ? NAME_BOOST : 1;
        return [{ passage, score: score * boost * (weight(terms) / whole) }];
      })
      .sort((a, b) => b.score - a.score || a.passage.id - b.passage.id);
  }
}

function distinctTerms(query: string): string[] {
  return [...new Set(queryTerms(query))].slice(0, MAX_QUERY_TERMS);
}
