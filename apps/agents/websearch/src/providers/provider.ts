/** A page that a provider found. */
export interface SearchHit {
  readonly url: string;
  readonly title: string;
  /** What the provider says of it, as text; may be empty. */
  readonly snippet: string;
}

/** Somebody who searches the web. */
export interface SearchProvider {
  /** For people: `SearXNG`. */
  readonly name: string;
  /**
   * The pages that bear on a query most, best first.
   *
   * @throws {SearchProviderUnavailableError} where it cannot say; the signal's reason may come too
   */
  search(query: string, signal: AbortSignal): Promise<SearchHit[]>;
}
