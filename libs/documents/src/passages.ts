import type { Block, TextBlock } from './block';

/** A piece of a document that is found and shown as a whole. */
export interface DocumentPassage {
  /** Headings it stands under, outermost first; empty at the top of a document. */
  readonly headings: readonly string[];
  /** Markdown. */
  readonly text: string;
}

/** Longest passage, in characters; a longer section becomes several. */
export const MAX_PASSAGE_LENGTH = 1200;
const ROOM_FOR_FENCES = 60;

/**
 * Parts a document into passages: a section is one passage, or several where it is long. Code
 * stays with the sentence that introduces it as far as the length allows.
 */
export function passagesOf(blocks: readonly Block[]): DocumentPassage[] {
  return sectionsOf(blocks).flatMap(({ headings, body }) =>
    pack(body.flatMap(cut)).map((text) => ({ headings, text })),
  );
}

/** Headings as one, outermost first: `Guide › Start`; those that are empty are left out. */
export function headingOf(headings: readonly string[]): string {
  return headings.filter((heading) => heading !== '').join(' › ');
}

interface Section {
  readonly headings: readonly string[];
  readonly body: TextBlock[];
}

function sectionsOf(blocks: readonly Block[]): Section[] {
  const sections: Section[] = [{ headings: [], body: [] }];
  let open: { readonly level: number; readonly text: string }[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading') {
      open = [...open.filter(({ level }) => level < block.level), block];
      sections.push({ headings: open.map(({ text }) => text), body: [] });
    } else {
      sections.at(-1)?.body.push(block);
    }
  }
  return sections.filter(({ body }) => body.length > 0);
}

/** Joins blocks to texts that are as long as allowed. */
function pack(blocks: readonly TextBlock[]): string[] {
  const texts: string[] = [];
  let text = '';
  blocks.forEach((block, index) => {
    const tight = block.kind === 'item' && blocks[index - 1]?.kind === 'item';
    const joined = text === '' ? block.text : `${text}${tight ? '\n' : '\n\n'}${block.text}`;
    if (joined.length > MAX_PASSAGE_LENGTH && text !== '') {
      texts.push(text);
      text = block.text;
    } else {
      text = joined;
    }
  });
  return text === '' ? texts : [...texts, text];
}

/** Cuts a block that is too long on its own: code at its lines, anything else at its spaces. */
function cut(block: TextBlock): TextBlock[] {
  if (block.text.length <= MAX_PASSAGE_LENGTH) return [block];
  if (block.kind !== 'code') {
    return slices(block.text.split(/(?<=\s)/)).map((text) => ({ ...block, text: text.trim() }));
  }
  const lines = block.text.split('\n');
  const [opening = '', closing = ''] = [lines[0], lines.at(-1)];
  return slices(lines.slice(1, -1).map((line) => `${line}\n`)).map((code) => ({
    ...block,
    text: `${opening}\n${code.replace(/\n$/, '')}\n${closing}`,
  }));
}

/** Joins pieces to slices as long as allowed; a piece that is longer still is cut anywhere. */
function slices(pieces: readonly string[]): string[] {
  const limit = MAX_PASSAGE_LENGTH - ROOM_FOR_FENCES;
  const result: string[] = [];
  let slice = '';
  for (const piece of pieces) {
    if (slice.length + piece.length > limit) {
      result.push(slice);
      slice = '';
    }
    slice += piece;
    for (; slice.length > limit; slice = slice.slice(limit)) result.push(slice.slice(0, limit));
  }
  return [...result, slice].filter((text) => text.trim() !== '');
}
