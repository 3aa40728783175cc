import { Injectable } from '@nestjs/common';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunbookNotFoundError } from './errors';

/** Lists the others, and is what `/runbooks` shows. */
const INDEX = 'README';

/** Beside the bundle, where there is one, else at home. */
const FOLDERS = [join(__dirname, 'runbooks'), join(__dirname, '../../../../docs/runbooks')];

/** The pages of docs/runbooks, which the app brings along. */
@Injectable()
export class Runbooks {
  private readonly pages: ReadonlyMap<string, string>;

  constructor() {
    const folder = FOLDERS.find((each) => existsSync(join(each, `${INDEX}.md`))) ?? '';
    const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
    this.pages = new Map(
      files.map((file) => [file.slice(0, -'.md'.length), readFileSync(join(folder, file), 'utf8')]),
    );
  }

  /** Their names, the index left out. */
  get names(): string[] {
    return [...this.pages.keys()].filter((name) => name !== INDEX).sort();
  }

  /** The Markdown of the page that lists the others. */
  get index(): string {
    return this.pages.get(INDEX) ?? '';
  }

  /**
   * The Markdown of a runbook.
   *
   * @throws {RunbookNotFoundError}
   */
  read(name: string): string {
    const page = name === INDEX ? undefined : this.pages.get(name);
    if (page === undefined) throw new RunbookNotFoundError(name);
    return page;
  }
}
