/** A piece of a document in reading order, whatever its format was; its text is Markdown. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  /** A paragraph, a list item or table row, or code inside its fence. */
  | { readonly kind: 'paragraph' | 'item' | 'code'; readonly text: string };

/** A block that is not a heading. */
export type TextBlock = Exclude<Block, { kind: 'heading' }>;
