import type { Passage, Source } from '@askflash/agent-kit';

const CITATION = /^([ \t]*)\[\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]/;
/** What may still become a citation, or the space before one. */
const BEGUN = /^[ \t]*(?:\[[\d\s,;]*)?$/;
/** An open bracket that numbers follow, at the end of what is shown. */
const OPEN = /\[[\d\s,;]*$/;
const PLAIN = /^[ \t]*\[?[^`[ \t]*/;

/**
 * Checks the citations of a text (Markdown) while it comes in: `[3]`, the third of the passages,
 * becomes the number of its source, `[1]` the first cited; what cites no passage is taken out. Code
 * stays as it is, for `list[3]` cites nothing there.
 *
 * ```
 * text ──`──► inline code ──` or end of line──► text
 * text ──```──► fenced code ──```──► text
 * ```
 */
export class CitedText {
  private readonly byPlace = new Map<string, Source>();
  private pending = '';
  /** The end of what has been shown. */
  private tail = '';
  /** The run of backticks that opened the code which is open; empty in text. */
  private fence = '';

  constructor(private readonly passages: readonly Passage[]) {}

  /** What has been cited so far, in the order of its numbers. */
  get sources(): Source[] {
    return [...this.byPlace.values()];
  }

  /** Takes the next piece; gives what can be shown, and keeps what may yet become a citation. */
  push(piece: string): string {
    this.pending += piece;
    return this.drain(false);
  }

  /** Gives what was kept. */
  end(): string {
    return this.drain(true);
  }

  private drain(isEnd: boolean): string {
    let shown = '';
    while (this.pending !== '') {
      const next = this.next(isEnd);
      if (next === undefined) break;
      shown += next;
      this.tail = (this.tail + next).slice(-100);
    }
    return shown;
  }

  /** The next piece to be shown; undefined where more text is needed to tell. */
  private next(isEnd: boolean): string | undefined {
    const ticks = /^`+/.exec(this.pending)?.[0];
    if (ticks !== undefined) {
      if (ticks.length === this.pending.length && !isEnd) return undefined;
      if (this.fence === '') this.fence = ticks;
      else if (this.fence === ticks) this.fence = '';
      return this.take(ticks.length);
    }
    if (this.fence !== '') return this.nextOfCode();
    const citation = CITATION.exec(this.pending);
    if (citation) {
      const [whole, space = '', numbers = ''] = citation;
      this.take(whole.length);
      return this.cite(space, numbers);
    }
    if (!isEnd && BEGUN.test(this.pending)) return undefined;
    return this.take(PLAIN.exec(this.pending)?.[0].length || 1);
  }

  private nextOfCode(): string {
    const isInline = this.fence.length < 3;
    const [code = ''] = (isInline ? /^[^`\n]*\n?/ : /^[^`]*/).exec(this.pending) ?? [];
    if (isInline && code.endsWith('\n')) this.fence = '';
    return this.take(code.length);
  }

  private cite(space: string, numbers: string): string {
    const places = numbers.split(/[,;]/).flatMap((number) => {
      const passage = this.passages[Number(number) - 1];
      return passage ? [this.numberOf(passage)] : [];
    });
    // Taken out without a trace, it could make a citation of what stands around it: `[ [9]3]`.
    if (places.length === 0) return OPEN.test(this.tail) ? '…' : '';
    return space + [...new Set(places)].map((place) => `[${place}]`).join('');
  }

  /** A source is a place in a document: passages of the same one share a number. */
  private numberOf({ path, heading }: Passage): number {
    const key = JSON.stringify([path, heading]);
    if (!this.byPlace.has(key)) this.byPlace.set(key, { path, heading });
    return [...this.byPlace.keys()].indexOf(key) + 1;
  }

  private take(length: number): string {
    const taken = this.pending.slice(0, length);
    this.pending = this.pending.slice(length);
    return taken;
  }
}
