import { Module } from '@nestjs/common';
import { PageReader } from './pages/page-reader';
import { openProvider } from './providers/open-provider';
import { WebSearch } from './web-search';
import { WebsearchAgent } from './websearch.agent';

/** The websearch agent, with the provider that the environment names. */
@Module({
  controllers: [WebsearchAgent],
  providers: [
    { provide: PageReader, useFactory: () => new PageReader() },
    {
      provide: WebSearch,
      inject: [PageReader],
      useFactory: (pages: PageReader) => new WebSearch(pages, openProvider()),
    },
  ],
})
export class WebsearchModule {}
