import { html, type Html, type HtmlPart } from './html';

/** A column: its heading, and what a row has in it. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => HtmlPart;
  /** `figures` stand to the right, one under the other; what is `wide` has a card's whole width. */
  readonly kind?: 'figures' | 'wide';
}

/**
 * A table whose first column names the row. On a narrow screen each row becomes a card, in which
 * every cell is told with its heading; the roles are there because laying a table out otherwise makes
 * browsers forget that it is one.
 */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Html {
  const [head, ...others] = columns;
  return html`<table role="table">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          ({ title, kind }) =>
            html`<th role="columnheader" scope="col" class="${kind}">${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            <th role="rowheader" scope="row">${head?.cell(row)}</th>
            ${others.map(
              ({ title, cell, kind }) =>
                html`<td role="cell" class="${kind}" data-title="${title}">
                  <div>${cell(row)}</div>
                </td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
