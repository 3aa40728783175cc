import { z } from 'zod';
import type { SearchHit, SearchProvider } from './provider';
import { requestResults } from './request-results';

/** What one request may ask for. */
const MAX_QUERY_LENGTH = 400;
const MAX_QUERY_WORDS = 50;
const COUNT = '10';

const results = z.object({
  web: z
    .object({
      results: z.array(
        z.object({ url: z.string(), title: z.string(), description: z.string().nullish() }),
      ),
    })
    .optional(),
});

/** The Brave Search API. */
export class BraveProvider implements SearchProvider {
  readonly name = 'Brave';

  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  async search(query: string, signal: AbortSignal): Promise<SearchHit[]> {
    const url = new URL('res/v1/web/search', this.baseUrl.replace(/\/*$/, '/'));
    const q = query
      .trim()
      .split(/\s+/)
      .slice(0, MAX_QUERY_WORDS)
      .join(' ')
      .slice(0, MAX_QUERY_LENGTH);
    url.search = new URLSearchParams({ q, count: COUNT, text_decorations: 'false' }).toString();
    const headers = { 'x-subscription-token': this.apiKey };
    const found = await requestResults({ name: this.name, url, headers, signal }, results);
    return (found.web?.results ?? []).map(({ url, title, description }) => ({
      url,
      title,
      snippet: description ?? '',
    }));
  }
}
