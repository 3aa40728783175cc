import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamItem } from '@askflash/service-kit';
import { StatusSource } from './status-source';
import { renderStatus, type StatusView } from './view/status-view';

/** What is shown is no older than this, and made no more often. */
const FRESH_MS = 1_000;

/** Where nothing changes, a reader is told so often that the stream lives. */
const HEARTBEAT_MS = 5_000;

/** The status as everybody sees it: made once for all readers, and only while there is one. */
@Injectable()
export class StatusBoard {
  private latest: { readonly view: Promise<StatusView>; readonly madeAtMs: number } | undefined;

  constructor(private readonly source: StatusSource) {}

  /** The status of now, or of less than a second ago. */
  view(): Promise<StatusView> {
    const nowMs = performance.now();
    if (!this.latest || nowMs - this.latest.madeAtMs >= FRESH_MS) {
      this.latest = { view: this.make(), madeAtMs: nowMs };
    }
    return this.latest.view;
  }

  /**
   * First every section, then those that have changed since this reader was told last. What a slow
   * reader misses is not kept for it: it gets the newest next.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<StreamItem> {
    const told = new Map<string, string>();
    let toldAtMs = -Infinity;
    while (!signal.aborted) {
      const { at, title, sections } = await this.view();
      const changed = sections.filter(({ id, version }) => told.get(id) !== version);
      for (const { id, version } of changed) told.set(id, version);
      if (changed.length > 0 || performance.now() - toldAtMs >= HEARTBEAT_MS) {
        toldAtMs = performance.now();
        yield { type: 'sections', data: { at, title, sections: changed } };
      }
      await delay(FRESH_MS, undefined, { signal });
    }
  }

  private async make(): Promise<StatusView> {
    return renderStatus(await this.source.snapshot(), new Date());
  }
}
