import type { Block } from './block';

/** The blocks of a plain text: its paragraphs, parted by empty lines. */
export function readPlainText(source: string): Block[] {
  return source
    .split(/\r?\n[^\S\n]*\r?\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((text) => ({ kind: 'paragraph', text }));
}
