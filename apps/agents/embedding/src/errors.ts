import { BackboneError } from '@askflash/agent-kit';

/** The folder that questions are answered from cannot be listed. */
export class KnowledgeFolderUnreadableError extends BackboneError {
  static override readonly code = 'KNOWLEDGE_FOLDER_UNREADABLE';
  static override readonly when =
    'The folder that KNOWLEDGE_DIR names is missing, is not a folder, or may not be read.';
  static override readonly remedy =
    'Set KNOWLEDGE_DIR to a folder that the agent may read; a relative path starts at its working directory.';
  static override readonly exit = 'config';

  constructor(
    readonly folder: string,
    cause: unknown,
  ) {
    super(`Cannot read the knowledge folder ${folder}`, { fields: { folder }, cause });
  }
}

/** Qdrant does not answer as it should. */
export class VectorStoreUnavailableError extends BackboneError {
  static override readonly code = 'VECTOR_STORE_UNAVAILABLE';
  static override readonly when =
    'Qdrant could not be reached, refused a request, or answered something else than asked for.';
  static override readonly remedy =
    'Look whether QDRANT_URL and QDRANT_API_KEY are right and Qdrant is up; unset QDRANT_URL to go without it.';
  static override readonly exit = 'unavailable';
}

/** The collection holds vectors of another model. */
export class VectorCollectionMismatchError extends BackboneError {
  static override readonly code = 'VECTOR_COLLECTION_MISMATCH';
  static override readonly when =
    'At start: the collection’s vectors are not as long as those of the embedding model.';
  static override readonly remedy =
    'Set QDRANT_COLLECTION to a new name, or delete the collection: its vectors are made again.';
  static override readonly exit = 'conflict';
}
