import { extname } from 'node:path';
import type { Block } from './block';
import { readHtml } from './html';
import { readMarkdown } from './markdown';
import { readPlainText } from './plain-text';

const READERS: Readonly<Record<string, (source: string) => Block[]>> = {
  '.md': readMarkdown,
  '.markdown': readMarkdown,
  '.html': readHtml,
  '.htm': readHtml,
  '.txt': readPlainText,
  '.text': readPlainText,
};

/** Whether a file of this name is read at all. */
export function isDocument(name: string): boolean {
  return extname(name).toLowerCase() in READERS;
}

/** The blocks of a document, read as its file name's ending says; none for any other ending. */
export function readDocument(name: string, source: string): Block[] {
  return READERS[extname(name).toLowerCase()]?.(source) ?? [];
}
