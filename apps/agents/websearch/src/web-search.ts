import type { EmbeddingOutput, StageContext } from '@askflash/agent-kit';
import { PassageIndex, type DocumentPassage } from '@askflash/documents';
import { SearchProviderUnavailableError } from './errors';
import type { PageReader } from './pages/page-reader';
import type { SearchHit, SearchProvider } from './providers/provider';

/** How many pages are read, and how many of their passages are handed on. */
const MAX_PAGES = 5;
const MAX_PASSAGES = 8;

export const NO_PROVIDER =
  'The web was not searched: no provider is configured (SEARXNG_URL or BRAVE_API_KEY).';

type Context = Pick<StageContext, 'signal' | 'progress' | 'log'>;

/**
 * Finds passages on the web. A search that cannot be made brings no passages and a note that says
 * why, so that its task goes on with what it has.
 */
export class WebSearch {
  constructor(
    private readonly pages: Pick<PageReader, 'read'>,
    private readonly provider?: SearchProvider,
  ) {}

  /** Rejects only where the context's signal aborts. */
  async search(query: string, context: Context): Promise<EmbeddingOutput> {
    if (this.provider === undefined) {
      context.progress(NO_PROVIDER, 1);
      return { passages: [], note: NO_PROVIDER };
    }
    const hits = await this.find(this.provider, query, context);
    if (typeof hits === 'string') return { passages: [], note: hits };
    context.progress(`Reading ${hits.length} pages`, 0.3);
    const index = new PassageIndex();
    await Promise.all(
      hits.map(async (hit) => index.put(hit.url, await this.readHit(hit, context))),
    );
    const passages = index.search(query, MAX_PASSAGES);
    context.progress(`Found ${passages.length} passages`, 1);
    return passages.length > 0
      ? { passages }
      : { passages, note: `${this.provider.name} found nothing that bears on the query.` };
  }

  /** The hits, or why there are none. */
  private async find(
    provider: SearchProvider,
    query: string,
    { signal, log }: Context,
  ): Promise<SearchHit[] | string> {
    try {
      const found = await provider.search(query, signal);
      // A URL ends up among the sources, where somebody may follow it.
      const hits = found.filter(({ url }) => /^https?:\/\//i.test(url));
      return [...new Map(hits.map((hit) => [hit.url, hit])).values()].slice(0, MAX_PAGES);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SearchProviderUnavailableError)) throw error;
      log.warn(String(error));
      return `The web was not searched: ${error.message}.`;
    }
  }

  /** What a page says, or what the provider says of it where it cannot be read. */
  private async readHit(hit: SearchHit, { signal, log }: Context): Promise<DocumentPassage[]> {
    try {
      return await this.pages.read(hit, signal);
    } catch (error) {
      signal.throwIfAborted();
      log.debug(`${hit.url} is not read: ${error}`);
      return hit.snippet === '' ? [] : [{ headings: [hit.title], text: hit.snippet }];
    }
  }
}
