import {
  Agent,
  Stage,
  embeddingOutput,
  type EmbeddingOutput,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { WebSearch } from './web-search';

/** Searches the web and reads the pages found. */
@Agent({ name: 'websearch', queue: 'websearch.task' })
export class WebsearchAgent {
  constructor(private readonly web: WebSearch) {}

  @Stage('web_search', { output: embeddingOutput })
  search({ query }: StageRequested, context: StageContext): Promise<EmbeddingOutput> {
    return this.web.search(query, context);
  }
}
