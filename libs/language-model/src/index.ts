export { openEmbeddingModel } from './embedding-model';
export type { EmbeddingModel } from './embedding-model';
export type { CallOptions } from './endpoint';
export {
  EmbeddingModelUnsetError,
  LanguageModelError,
  LanguageModelRefusedError,
  LanguageModelReplyInvalidError,
  LanguageModelUnavailableError,
  LanguageModelUnsetError,
} from './errors';
export { openLanguageModel } from './language-model';
export type { LanguageModel, Prompt } from './language-model';
