/**
 * Makes a sentence of each row of one table, so that a row found on its own still says what its
 * cells mean: `PORT — Default: 8003; Meaning: TCP port`.
 */
export class TableRows {
  inCell = false;
  private header: readonly string[] = [];
  private cells: { readonly text: string; readonly isHeader: boolean }[] = [];

  startCell(): void {
    this.inCell = true;
  }

  endCell(text: string, isHeader: boolean): void {
    this.inCell = false;
    this.cells.push({ text, isHeader });
  }

  /** The row as one line; undefined for a row of headers and for an empty one. */
  endRow(): string | undefined {
    const row = this.cells;
    this.cells = [];
    if (row.length > 0 && row.every(({ isHeader }) => isHeader)) {
      this.header = row.map(({ text }) => text);
      return undefined;
    }
    const [subject, ...rest] = row.map(({ text }, column) => ({ text, name: this.header[column] }));
    const said = rest
      .filter(({ text }) => text !== '')
      .map(({ text, name }) => (name ? `${name}: ${text}` : text));
    return [subject?.text, said.join('; ')].filter(Boolean).join(' — ') || undefined;
  }
}
