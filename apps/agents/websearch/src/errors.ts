import { BackboneError } from '@askflash/agent-kit';

/** The search provider does not answer as it should. */
export class SearchProviderUnavailableError extends BackboneError {
  static override readonly code = 'SEARCH_PROVIDER_UNAVAILABLE';
  static override readonly when =
    'SearXNG or Brave could not be reached, refused the query, or answered something else than results.';
  static override readonly remedy =
    'Look whether the provider is up and its key valid; SearXNG needs `json` among `search.formats` of its settings.';
}

/** A page is on an address that must not be reached, or leads to one. */
export class PageForbiddenError extends BackboneError {
  static override readonly code = 'PAGE_FORBIDDEN';
  static override readonly when =
    'A page’s URL is not plain http or https, or its host is on a private, local or otherwise special address.';
  static override readonly remedy =
    'Nothing: the page is left out. To search documents of your own network, put them under KNOWLEDGE_DIR.';
}

/** A page cannot be read. */
export class PageUnreadableError extends BackboneError {
  static override readonly code = 'PAGE_UNREADABLE';
  static override readonly when =
    'A page answers with an error, too late, too much, too many redirects, or something that is no text.';
  static override readonly remedy = 'Nothing: what the provider says of the page is taken instead.';
}
