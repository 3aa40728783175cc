import { BackboneError } from '@askflash/contracts';

/** Whatever keeps a model from answering; an agent that can do without one catches it. */
export abstract class LanguageModelError extends BackboneError {}

/** The endpoint cannot be reached, fails, is busy, or takes too long. */
export class LanguageModelUnavailableError extends LanguageModelError {
  static override readonly code = 'LANGUAGE_MODEL_UNAVAILABLE';
  static override readonly when =
    'The endpoint of LLM_BASE_URL could not be reached, answered 408, 409, 429 or 5xx to every try, broke off, or took longer than allowed.';
  static override readonly remedy =
    'Look whether the endpoint is up and has capacity; raise LLM_TIMEOUT_MS or LLM_RETRIES_COUNT where it is slow.';
  static override readonly exit = 'unavailable';
}

/** The endpoint does not accept the request. */
export class LanguageModelRefusedError extends LanguageModelError {
  static override readonly code = 'LANGUAGE_MODEL_REFUSED';
  static override readonly when =
    'The endpoint of LLM_BASE_URL answered with a client error, such as 401 or 404.';
  static override readonly remedy =
    'Check LLM_BASE_URL (it mostly ends in /v1), LLM_API_KEY and the name of the model.';
  static override readonly exit = 'config';
}

/** What the model says is not what was asked for. */
export class LanguageModelReplyInvalidError extends LanguageModelError {
  static override readonly code = 'LANGUAGE_MODEL_REPLY_INVALID';
  static override readonly when =
    'A model answered with something that is not of the form asked for, or with nothing.';
  static override readonly remedy =
    'Nothing, if it is rare: the agent keeps to its rules. If it is not, take a more capable model.';
}

/** There is an endpoint, but no model is named. */
export class LanguageModelUnsetError extends BackboneError {
  static override readonly code = 'LANGUAGE_MODEL_UNSET';
  static override readonly when = 'At start: LLM_BASE_URL is set and LLM_MODEL is not.';
  static override readonly remedy =
    'Set LLM_MODEL to a model of the endpoint, or unset LLM_BASE_URL.';
  static override readonly exit = 'config';
}

/** Vectors are wanted, but no model is named that makes them. */
export class EmbeddingModelUnsetError extends BackboneError {
  static override readonly code = 'EMBEDDING_MODEL_UNSET';
  static override readonly when =
    'At start: vectors are wanted, as QDRANT_URL is set, but LLM_BASE_URL or LLM_EMBEDDING_MODEL is not.';
  static override readonly remedy =
    'Set both to an endpoint and its model for embeddings, or unset QDRANT_URL.';
  static override readonly exit = 'config';
}
