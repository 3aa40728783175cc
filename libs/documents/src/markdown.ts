import MarkdownIt from 'markdown-it';
import type { Block } from './block';
import { readHtml } from './html';

const FRONT_MATTER = /^---\r?\n[\s\S]*?\r?\n---\r?\n/;
/** GitHub's mark of a note or warning, on the first line of a quotation. */
const ALERT = /^([ \t]*>[ \t]*)\[!\w+\][ \t]*$/gm;

const markdown = new MarkdownIt({ html: true });
// A stray `<script>` in a sentence is part of that sentence, not the start of a script.
markdown.renderer.rules['html_inline'] = (tokens, index) =>
  /^<br\b/i.test(tokens[index]?.content ?? '') ? ' ' : '';

/** The blocks of a Markdown document (CommonMark and tables); HTML in it is read as HTML. */
export function readMarkdown(source: string): Block[] {
  return readHtml(markdown.render(source.replace(FRONT_MATTER, '').replace(ALERT, '$1')));
}
