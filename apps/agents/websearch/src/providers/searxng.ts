import { z } from 'zod';
import type { SearchHit, SearchProvider } from './provider';
import { requestResults } from './request-results';

const results = z.object({
  results: z.array(
    z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() }),
  ),
});

/** SearXNG, a metasearch engine that one runs oneself. */
export class SearxngProvider implements SearchProvider {
  readonly name = 'SearXNG';

  /** @param baseUrl may have a path */
  constructor(private readonly baseUrl: string) {}

  async search(query: string, signal: AbortSignal): Promise<SearchHit[]> {
    const url = new URL('search', this.baseUrl.replace(/\/*$/, '/'));
    url.search = new URLSearchParams({ q: query, format: 'json' }).toString();
    const found = await requestResults({ name: this.name, url, signal }, results);
    return found.results.map(({ url, title, content }) => ({
      url,
      title: title ?? '',
      snippet: content ?? '',
    }));
  }
}
