import { headingOf, passagesOf, readDocument, type DocumentPassage } from '@askflash/documents';
import type { OnModuleDestroy } from '@nestjs/common';
import { Agent } from 'undici';
import type { SearchHit } from '../providers/provider';
import { fetchPage, type PageLimits } from './fetch-page';
import { guardedConnector, type GuardOptions } from './guarded-connector';
import { isPublicAddress } from './public-address';

/** What is read, and from where. */
export interface PageReaderOptions extends PageLimits, GuardOptions {}

const DEFAULTS: PageReaderOptions = {
  timeoutMs: 8_000,
  maxBytes: 2 * 1024 * 1024,
  maxRedirects: 5,
  connectTimeoutMs: 4_000,
  isAllowed: isPublicAddress,
};

/** Reads pages of the public web. */
export class PageReader implements OnModuleDestroy {
  private readonly options: PageReaderOptions;
  private readonly dispatcher: Agent;

  constructor(options: Partial<PageReaderOptions> = {}) {
    this.options = { ...DEFAULTS, ...options };
    this.dispatcher = new Agent({ connect: guardedConnector(this.options), maxHeaderSize: 32_768 });
  }

  /**
   * The passages of a page; one without headings is put under its title.
   *
   * @throws {PageForbiddenError} or {@link PageUnreadableError}
   */
  async read({ url, title }: SearchHit, signal: AbortSignal): Promise<DocumentPassage[]> {
    const { ending, text } = await fetchPage(url, this.dispatcher, this.options, signal);
    return passagesOf(readDocument(`page${ending}`, text)).map((passage) =>
      headingOf(passage.headings) === '' ? { ...passage, headings: [title] } : passage,
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.dispatcher.destroy();
  }
}
