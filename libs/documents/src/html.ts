import { Parser } from 'htmlparser2';
import type { Block } from './block';
import { TableRows } from './table-rows';

const HEADING = /^h([1-6])$/;
const NOT_READ = new Set(
  'head title script style template noscript svg math nav iframe object button select textarea'.split(
    ' ',
  ),
);
const STARTS_BLOCK = new Set(
  `html body main article section header footer aside div p blockquote address figure figcaption
  details summary form fieldset hr ul ol li dl dt dd table thead tbody tfoot tr caption pre
  h1 h2 h3 h4 h5 h6`.split(/\s+/),
);

/** The blocks of an HTML document or of a piece of one; scripts, styles and navigation are left out. */
export function readHtml(source: string): Block[] {
  const reader = new HtmlReader();
  const parser = new Parser({
    onopentag: (name, attributes) => reader.open(name, attributes),
    ontext: (text) => reader.text(text),
    onclosetag: (name) => reader.close(name),
  });
  parser.end(source);
  return reader.finish();
}

/** Collects text until a tag ends the block it belongs to. */
class HtmlReader {
  private readonly blocks: Block[] = [];
  private buffer = '';
  /** How many elements that are not read are open. */
  private hidden = 0;
  private headingLevel = 0;
  /** The language of the code block that is open, else undefined. */
  private code: string | undefined;
  private itemMark = '';
  /** Of each open list: the number of its next item; undefined where it has bullets. */
  private readonly lists: (number | undefined)[] = [];
  private table: TableRows | undefined;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (NOT_READ.has(name)) this.hidden += 1;
    if (this.hidden > 0) return;
    if (STARTS_BLOCK.has(name)) this.endBlock();
    if (name === 'pre') this.code = '';
    else if (name === 'code') this.openCode(attributes['class'] ?? '');
    else if (name === 'br') this.buffer += this.code === undefined ? ' ' : '\n';
    else if (name === 'ol' || name === 'ul') this.lists.push(name === 'ol' ? 1 : undefined);
    else if (name === 'li') this.itemMark = this.nextItemMark();
    else if (name === 'dd') this.itemMark = '- ';
    else if (name === 'table') this.openTable();
    else if (name === 'td' || name === 'th') this.startCell();
    else this.headingLevel = Number(HEADING.exec(name)?.[1] ?? this.headingLevel);
  }

  text(text: string): void {
    if (this.hidden === 0) this.buffer += text;
  }

  close(name: string): void {
    if (this.hidden > 0) {
      if (NOT_READ.has(name)) this.hidden -= 1;
      return;
    }
    if (name === 'td' || name === 'th') this.endCell(name);
    else if (name === 'tr') this.endRow();
    else if (name === 'code' && this.code === undefined) this.buffer += '`';
    else if (STARTS_BLOCK.has(name)) this.endBlock();
    if (name === 'pre') this.code = undefined;
    else if (name === 'li' || name === 'dd') this.itemMark = '';
    else if (name === 'ol' || name === 'ul') this.lists.pop();
    else if (name === 'table') this.endTable();
    else if (HEADING.test(name)) this.headingLevel = 0;
  }

  finish(): Block[] {
    this.endBlock();
    this.endTable();
    return this.blocks;
  }

  private openCode(className: string): void {
    if (this.code === undefined) this.buffer += '`';
    else this.code = /\blanguage-([\w+-]+)/.exec(className)?.[1] ?? '';
  }

  private nextItemMark(): string {
    const next = this.lists.at(-1);
    if (next === undefined) return '- ';
    this.lists[this.lists.length - 1] = next + 1;
    return `${next}. `;
  }

  /** A table in a cell ends the table around it, whose other cells are then read as paragraphs. */
  private openTable(): void {
    this.endTable();
    this.table = new TableRows();
  }

  private endTable(): void {
    if (this.table?.inCell) this.endCell('td');
    this.endRow();
    this.table = undefined;
  }

  private startCell(): void {
    this.endBlock();
    this.table?.startCell();
  }

  private endCell(name: 'td' | 'th'): void {
    if (!this.table?.inCell) return this.endBlock();
    this.table.endCell(oneLine(this.buffer), name === 'th');
    this.buffer = '';
  }

  private endRow(): void {
    const row = this.table?.endRow();
    if (row) this.blocks.push({ kind: 'item', text: `- ${row}` });
  }

  /** Inside a table's cell a block ends nothing: the whole row becomes one block. */
  private endBlock(): void {
    if (this.table?.inCell) {
      this.buffer += ' ';
      return;
    }
    const text = this.code === undefined ? oneLine(this.buffer) : this.buffer.trimEnd();
    this.buffer = '';
    if (text.trim() === '') return;
    if (this.code !== undefined) {
      this.blocks.push({ kind: 'code', text: fenced(text.replace(/^\n+/, ''), this.code) });
    } else if (this.headingLevel > 0) {
      this.blocks.push({ kind: 'heading', level: this.headingLevel, text: withoutAnchor(text) });
    } else if (this.itemMark !== '') {
      this.blocks.push({ kind: 'item', text: `${this.itemMark}${text}` });
      this.itemMark = '';
    } else {
      this.blocks.push({ kind: 'paragraph', text });
    }
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function withoutAnchor(heading: string): string {
  return heading.replace(/\s*[¶#§]$/, '');
}

function fenced(code: string, language: string): string {
  const fence = code.includes('```') ? '````' : '```';
  return `${fence}${language}\n${code}\n${fence}`;
}
