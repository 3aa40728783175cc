export type { Block, TextBlock } from './block';
export { PassageIndex } from './passage-index';
export { MAX_PASSAGE_LENGTH, headingOf, passagesOf } from './passages';
export type { DocumentPassage } from './passages';
export { isDocument, readDocument } from './read-document';
